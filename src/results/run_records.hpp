#pragma once

#include "os/own_process.hpp"
#include "results/outcome.hpp"
#include "results/test_case.hpp"

#include <string>
#include <vector>

namespace isolite::results {

/// Keeps a record of the death of a worker's process; `test` is the case that it was in, or "".
void record_death(const std::string& worker, unsigned incarnation, pid_t process,
                  const std::string& death, const std::string& test);

/// Keeps records of the cases of which those of the workers do not tell all.
void record_results(const std::vector<test_case>& cases, const outcome& ended);

} // namespace isolite::results
