#pragma once

#include "report/run_records.hpp"

#include <string>

namespace isolite::cli {

/// Returns what a run tells, in tables for a terminal.
/// Requires: `report::compare` was called for the records.
[[nodiscard]] std::string report_text(report::run_records& records);

/// Returns which cases became slower or faster.
/// Requires: as above, and another run to compare with.
[[nodiscard]] std::string comparison_text(report::run_records& records);

} // namespace isolite::cli
