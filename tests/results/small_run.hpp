#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"

#include <chrono>
#include <initializer_list>
#include <vector>

namespace results_test {

/// A run of a few cases, all of which passed in 10 ms.
struct small_run {
    explicit small_run(std::initializer_list<const char*> names) {
        for (const char* const name : names) {
            isolite::results::test_case added;
            added.name = name;
            cases.push_back(added);
            isolite::results::case_result result;
            result.verdict = isolite::results::verdict::passed;
            result.attempts = 1;
            result.duration = std::chrono::milliseconds(10);
            run.results.push_back(result);
        }
        run.wall = std::chrono::seconds(2);
    }

    std::vector<isolite::results::test_case> cases;
    isolite::results::outcome run;
};

} // namespace results_test
