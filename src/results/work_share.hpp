#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"

#include <string>
#include <vector>

namespace isolite::results {

/// Returns which part fixtures or one case have of a run, if somebody should look into it: fixtures
/// that took more than a tenth of all work, or one of more than four cases that took more than a
/// quarter of the run's time; either at least 100 ms. Else "".
[[nodiscard]] std::string share_of_work(const outcome& run, const std::vector<test_case>& cases);

} // namespace isolite::results
