#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"

#include <string>
#include <vector>

namespace isolite::results {

/// Which timings of a run are wanted.
struct wanted_timings {
    /// Says whether all tables are: of fixtures, of workers, of what sharing saved.
    bool tables = false;
    /// How many of the slowest cases are shown.
    unsigned slowest = 0;
};

/// Returns what a run cost: the slowest cases, and tables. Shape: lines as of a verdict; "" where
/// nothing is wanted, or there is nothing to show. Requires: a result for each of the cases.
[[nodiscard]] std::string timings_of(const outcome& run, const std::vector<test_case>& cases,
                                     const wanted_timings& wanted);

} // namespace isolite::results
