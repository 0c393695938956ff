#pragma once

#include "report/kept_runs.hpp"
#include "report/run_records.hpp"

#include <optional>
#include <string>
#include <vector>

namespace isolite::report {

/// What a run is seen against.
struct background {
    std::vector<kept_run> runs; ///< The kept runs, the latest first; it may be among them.
    /// The run to compare with. Default: the one before, of the same programs.
    std::optional<kept_run> old;
};

/// Puts the run in line with earlier ones and compares its cases with those of one of them: fills
/// `earlier_runs`, `changes` and their kin. Only runs that began before it count, and the one that
/// it is compared with: what comes later changes nothing. Errors: errc::system for `background.old`
/// if it cannot be read.
[[nodiscard]] result<void> compare(run_records& records, const background& background);

} // namespace isolite::report
