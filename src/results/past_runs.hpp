#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"

#include <chrono>
#include <vector>

namespace isolite::results {

/// What earlier runs of this program say about its cases. It is kept in the cache, in the directory
/// of the project; nowhere when the cache is off.
struct past_runs {
    std::vector<std::chrono::nanoseconds> durations; ///< by position; 0: unknown
    std::vector<bool> failed;                        ///< by position: the last time it was run

    /// Says whether a case is known and passed the last time.
    [[nodiscard]] bool passed(std::size_t position) const {
        return durations[position].count() > 0 && !failed[position];
    }

    /// Says whether a run was recorded, maybe.
    [[nodiscard]] static bool exist();

    /// Reads it; a file that cannot be read costs a warning.
    [[nodiscard]] static past_runs of(const std::vector<test_case>& cases);

    /// Adds a run. Returns whether it is kept.
    static bool record(const std::vector<test_case>& cases, const outcome& outcome);
};

} // namespace isolite::results
