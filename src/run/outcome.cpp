#include "run/outcome.hpp"

#include <utility>

namespace isolite::run {

void case_result::add(case_result attempt, bool is_retry) {
    attempt.attempts = attempts + 1;
    attempt.failures = failures + (attempt.verdict == run::verdict::failed ? 1 : 0);
    if (verdict == run::verdict::failed && !is_retry) {
        attempts = attempt.attempts;
        failures = attempt.failures;
        return;
    }
    if (attempt.flaky()) {
        attempt.why = std::move(why); // somebody will want to know
        attempt.output = std::move(output);
    }
    *this = std::move(attempt);
}

} // namespace isolite::run
