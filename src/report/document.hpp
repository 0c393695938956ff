#pragma once

#include "report/run_records.hpp"

#include <string>
#include <string_view>

namespace isolite::report {

/// Returns what a run tells, as JSON. docs/report.md has its fields. `version` is that of isolite.
/// Requires: `compare` was called for the records.
[[nodiscard]] std::string document(run_records& records, const std::string& version);

/// Returns the text with U+FFFD instead of each byte that is not UTF-8: JSON is.
[[nodiscard]] std::string in_utf8(std::string text);

} // namespace isolite::report
