#pragma once

#include "os/own_process.hpp"
#include "run/outcome.hpp"
#include "run/test_case.hpp"

#include <string>
#include <vector>

namespace isolite::run {

/// Keeps a record of the death of a worker's process; `test` is the case that it was in, or "".
void record_death(const std::string& worker, unsigned incarnation, pid_t process,
                  const std::string& death, const std::string& test);

/// Keeps records of the cases of which those of the workers do not tell all.
void record_results(const std::vector<test_case>& cases, const outcome& ended);

} // namespace isolite::run
