#include "run/in_process_run.hpp"

#include "run/parallel_run.hpp"

#include <utility>

namespace isolite::run {

in_process_run::in_process_run() : begun_(clock::now()) {
    outcome_.workers.push_back({});
    outcome_.workers.back().name = "main";
}

void in_process_run::begin(test_case begun) {
    cases_.push_back(std::move(begun));
    outcome_.results.emplace_back();
    case_begun_ = clock::now();
}

void in_process_run::end(verdict became, const std::string& why) {
    case_result& result = outcome_.results.back();
    result.verdict = became;
    result.attempts = 1;
    result.failures = became == verdict::failed ? 1 : 0;
    result.duration = clock::now() - case_begun_;
    result.why = why;
    outcome_.workers.back().cases += 1;
    outcome_.workers.back().busy += result.duration;
}

int in_process_run::conclude(const options& options) {
    outcome_.wall = clock::now() - begun_;
    return write_reports(outcome_, cases_, options) ? 0 : 1;
}

} // namespace isolite::run
