#pragma once

#include "report/run_records.hpp"

#include <string>

namespace isolite::cli {

/// Returns what went wrong in a run, and what it is busy with: its failed cases with their reasons
/// and their output, failures outside of cases, leaks, and cases that run now. "" if there is none.
[[nodiscard]] std::string failure_text(report::run_records& records);

} // namespace isolite::cli
