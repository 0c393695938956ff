#pragma once

#include "results/history.hpp"
#include "results/outcome.hpp"
#include "results/test_case.hpp"

#include <isolite/cache_settings.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace isolite::results {

/// What earlier runs on this machine and on others tell of the cases of this program, by their
/// names. No run changes it, so that all shards may be cut by it.
using shared_history = kept_cases;

/// Reads it: from a file, or, if that is called "", from what `isolite history import` has put into
/// the cache, if it has. Errors: those of `read_histories`.
[[nodiscard]] result<shared_history> shared_history_in(const std::string& file);

/// Returns the directory of the histories of a project, and the file in it that was imported.
[[nodiscard]] std::string place_of_histories(const cache_settings& cache);
[[nodiscard]] std::string imported_history(const cache_settings& cache);

/// What earlier runs of this program say about its cases. It is kept in the cache, in the directory
/// of the project; nowhere when the cache is off.
struct past_runs {
    std::vector<std::chrono::nanoseconds> durations; ///< by position; 0: unknown
    std::vector<bool> failed;                        ///< by position: the last time it was run

    /// Says whether a case is known and passed the last time.
    [[nodiscard]] bool passed(std::size_t position) const {
        return durations[position].count() > 0 && !failed[position];
    }

    /// Says whether a case failed the last time that it was run, or nobody can tell.
    [[nodiscard]] static bool have_failures();

    /// Reads it; a file that cannot be read costs a warning. `elsewhere` tells of cases that it
    /// does not know.
    [[nodiscard]] static past_runs of(const std::vector<test_case>& cases,
                                      const shared_history& elsewhere = {});

    /// Adds a run. Returns whether it is kept.
    static bool record(const std::vector<test_case>& cases, const outcome& outcome);
};

} // namespace isolite::results
