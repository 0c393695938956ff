#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"

#include <string>
#include <vector>

namespace isolite::results {

/// Returns what a run says when it ends, with its `durations` slowest cases.
///
/// Shape: lines, without a last end of line. The first begins with "isolite: ", the others with
/// blanks. There is none about what did not happen. Names and texts of others are on one line: '?'
/// stands for control characters in a name.
/// Requires: a result for each of the cases.
[[nodiscard]] std::string summary_of(const outcome& run, const std::vector<test_case>& cases,
                                     unsigned durations);

} // namespace isolite::results
