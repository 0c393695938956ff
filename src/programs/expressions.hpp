#pragma once

#include "programs/xml_reports.hpp"

#include <string>

namespace isolite::programs {

/// Returns what a case's element in a report of Catch2 or doctest, which write alike, says of
/// failures. Shape: a few lines, "" if none of its assertions failed.
[[nodiscard]] std::string failures_in(const xml_tree& element);

} // namespace isolite::programs
