#pragma once

#include <string>
#include <string_view>

namespace isolite::report {

/// Returns the report's page with a run in it: one HTML file that needs nothing else.
///
/// Requires: `json` is the JSON that `isolite report --json` prints, in UTF-8.
/// Shape: nothing in `json` can end the element that it is put into; it is text there, never HTML.
[[nodiscard]] std::string page_with(std::string_view json);

} // namespace isolite::report
