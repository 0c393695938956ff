#pragma once

#include "report/run_records.hpp"

#include <isolite/error.hpp>

#include <optional>
#include <string>
#include <vector>

namespace isolite::report {

/// Reads what is in directories, and in those below them, as the records of one run: of shards that
/// ran on several machines. Workers are called by the path that leads to them, and their name. The
/// cases of shards that are missing are not run. A directory that is named twice counts once.
/// Errors: errc::system for a path without records; for shards that are cut in different ways or
///   have different filters; and for a case that ran in two of the directories.
[[nodiscard]] result<run_records> merge_runs(const std::vector<std::string>& paths);

/// Returns what keeps it from being a whole run: shards that are missing, programs that ended
/// early, still run, or were stopped before all of their cases had run, and records that are
/// missing or cannot be read. Nothing if all is there.
[[nodiscard]] std::optional<error> flaws_of(run_records& merged);

} // namespace isolite::report
