#pragma once

#include "worker/environment.hpp"

#include <isolite/cache_settings.hpp>
#include <isolite/error.hpp>

#include <optional>
#include <string>
#include <vector>

namespace isolite::records {

/// Where runs are kept: the last of these directories has one for each run. Each is in the one
/// before it, and belongs to this user alone. None need exist.
using runs_place = std::vector<std::string>;

/// Returns where runs are kept: in ISOLITE_LEDGER, else in `runs` in the project's part of the
/// cache; nothing if none are. `settings` are those of the cache; without them, what counts for
/// this process.
/// Errors: errc::environment for ISOLITE_LEDGER that is neither off nor an absolute path, and for
///   the malformed variables of the cache.
[[nodiscard]] result<std::optional<runs_place>> place_of_runs(const workers::environment& variables,
                                                              const cache_settings& settings);
[[nodiscard]] result<std::optional<runs_place>>
place_of_runs(const workers::environment& variables);

/// Makes the directory of a run, readable for its owner only. Who makes it also removes runs: the
/// oldest beyond 20 or 256 MiB, but none of which a process still lives, none that was made or got
/// a file in the last minute, and no directory in which there is anything but records. Errors:
/// errc::system.
[[nodiscard]] result<std::string> make_run_directory(const runs_place& place,
                                                     const std::string& run_id);

} // namespace isolite::records
