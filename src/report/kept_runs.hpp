#pragma once

#include "worker/environment.hpp"

#include <isolite/cache_settings.hpp>
#include <isolite/error.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace isolite::report {

/// A run whose records are kept, as far as the heads of its files tell it.
struct kept_run {
    std::string id;
    std::string directory;
    std::int64_t began = 0;         ///< Units: nanoseconds of the calendar. 0 without any head.
    std::set<std::string> programs; ///< Base names.
    std::set<std::string> places; ///< The directories of the programs, and where they were started.
    std::size_t processes = 0;
    std::uint64_t bytes = 0;
};

/// Returns the directory with a directory for each run: that of the variable ISOLITE_LEDGER, else
/// `runs` in the part of the cache that is the project's.
/// Errors: errc::environment if none are kept, or for a path that is not absolute.
[[nodiscard]] result<std::string> runs_directory(const workers::environment& variables,
                                                 const cache_settings& settings);

/// Returns the runs in a directory, the latest first; none if it does not exist.
/// Errors: errc::system for a directory that cannot be read.
[[nodiscard]] result<std::vector<kept_run>> kept_runs_in(const std::string& directory);

/// Returns the latest run of a program that lies in a directory or below it, or was started there;
/// if there is none, in the directory around it, and so on. `runs`: the latest first. Null for
/// none.
[[nodiscard]] const kept_run* nearest_run(const std::vector<kept_run>& runs,
                                          const std::string& directory);

/// Returns the run that is called `name`: a run id; a path, if it has a slash; or a number, 1 being
/// the latest. `runs`: those of `directory`, the latest first.
/// Errors: errc::system if there is none.
[[nodiscard]] result<kept_run> find_run(const std::string& name, const std::string& directory,
                                        const std::vector<kept_run>& runs);

} // namespace isolite::report
