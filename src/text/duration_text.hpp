#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace isolite::text {

/// Returns a duration with three digits that count: 2.13 us, 21.3 ms, 213 s.
[[nodiscard]] std::string text_of(std::chrono::nanoseconds time);

/// Returns "1 case", "2 cases".
[[nodiscard]] std::string text_of(std::size_t count, const char* noun);

/// Returns which part of a whole something is: "85%". Shape: "0%" of nothing.
[[nodiscard]] std::string percentage(std::chrono::nanoseconds part, std::chrono::nanoseconds whole);

} // namespace isolite::text
