#pragma once

#include "os/own_process.hpp"
#include "results/outcome.hpp"
#include "results/test_case.hpp"

#include <string>
#include <vector>

namespace isolite::results {

/// How the process of a worker died.
struct worker_death {
    std::string worker;
    unsigned incarnation = 0;
    pid_t process = 0;
    std::string death;
    std::string test; ///< that it was in, "" if it was in none
    bool timed_out = false;
};

/// Keeps a record of a death.
void record_death(const worker_death& died);

/// Keeps a record of a failure outside of cases.
void record_trouble(const outside_failure& failure);

/// Keeps records of the cases of which those of the workers do not tell all, of what went wrong
/// around them, and of what stopped the run.
void record_results(const std::vector<test_case>& cases, const outcome& ended);

/// Keeps records of all cases, where no worker tells of any.
void record_all_results(const std::vector<test_case>& cases, const outcome& ended);

/// Keeps records of the failures that the adapter has told of.
void record_failures_outside(const outcome& ended);

} // namespace isolite::results
