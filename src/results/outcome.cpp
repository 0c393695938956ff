#include "results/outcome.hpp"

#include <algorithm>
#include <utility>

namespace isolite::results {

const char* name_of(verdict became) {
    switch (became) {
    case verdict::not_run:
        return "not run";
    case verdict::passed:
        return "passed";
    case verdict::failed:
        return "failed";
    case verdict::skipped:
        return "skipped";
    case verdict::left_out:
        return "left out";
    }
    return "";
}

void case_result::add(case_result attempt, bool is_retry) {
    attempt.attempts = attempts + 1;
    const bool has_failed = attempt.verdict == results::verdict::failed && !attempt.interrupted;
    attempt.failures = failures + (has_failed ? 1 : 0);
    if (verdict == results::verdict::failed && (!is_retry || attempt.interrupted)) {
        attempts = attempt.attempts;
        failures = attempt.failures;
        return;
    }
    if (attempt.flaky()) {
        attempt.why = std::move(why); // somebody will want to know
        attempt.output = std::move(output);
    }
    if (attempt.output.empty() && verdict == results::verdict::passed) {
        attempt.output = std::move(output); // of another attempt that passed
    }
    *this = std::move(attempt);
}

bool outcome::is_complete() const {
    return interrupted_by == 0 &&
           std::none_of(results.begin(), results.end(),
                        [](const case_result& each) { return each.verdict == verdict::not_run; });
}

bool outcome::has_flaky() const {
    return std::any_of(results.begin(), results.end(),
                       [](const case_result& each) { return each.flaky(); });
}

bool outcome::all_is_well() const {
    return is_complete() && !(fails_flaky && has_flaky()) && troubles.empty() &&
           deaths_in_fixtures.empty();
}

} // namespace isolite::results
