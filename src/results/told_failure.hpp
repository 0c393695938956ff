#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"

#include <string>

namespace isolite::results {

/// Returns somebody's sentence as the end of a line of ours, without its full stop; what continues
/// it is indented.
[[nodiscard]] std::string sentence(std::string text);

/// Returns on one line where a case failed and why: "FILE(LINE): " and the first line of the
/// reason, which frameworks begin with a place; else the place of the case.
///
/// Shape: a line that ends with a colon is followed by the next ones, and each by those that begin
/// with "Actual: " or "Expected: ", as far as there is room.
[[nodiscard]] std::string place_and_reason(const test_case& of, const std::string& why);

/// Returns how a case that failed, or is flaky, is told: "failed: NAME  FILE(LINE): REASON", or
/// with "died", "timed out" or "flaky", and how often where it was run more than once.
[[nodiscard]] std::string told_failure(const test_case& of, const case_result& result);

} // namespace isolite::results
