#include "run/in_process_run.hpp"

#include "ledger/ledger.hpp"
#include "run/parallel_run.hpp"

#include <utility>

namespace isolite::run {

in_process_run::in_process_run(bool reports) : reports_(reports), begun_(clock::now()) {
    outcome_.workers.push_back({});
    outcome_.workers.back().name = "main";
}

void in_process_run::begin(test_case begun) {
    ledger::of_process().make_ready(); // which no case is billed for
    case_begun_ = clock::now();
    ledger::of_process().begin_case(begun.name, begun_cases_++, case_begun_);
    if (reports_) {
        cases_.push_back(std::move(begun));
        outcome_.results.emplace_back();
    }
}

void in_process_run::end(verdict became, const std::string& why) {
    const auto end = clock::now();
    const auto fixtures = ledger::of_process().end_case(name_of(became), why, end);
    if (!reports_) {
        return;
    }
    case_result& result = outcome_.results.back();
    result.verdict = became;
    result.attempts = 1;
    result.failures = became == verdict::failed ? 1 : 0;
    result.duration = end - case_begun_;
    result.fixtures = fixtures;
    result.why = why;
    outcome_.workers.back().cases += 1;
    outcome_.workers.back().tests += result.duration - fixtures;
}

void in_process_run::fail_outside(outside_failure failure) {
    if (reports_) {
        outcome_.failures_outside.push_back(std::move(failure));
    }
}

int in_process_run::conclude(const options& options) {
    if (!reports_) {
        return 0;
    }
    outcome_.wall = clock::now() - begun_;
    return say_if_unreported(write_reports(outcome_, cases_, options)) ? 0 : 1;
}

} // namespace isolite::run
