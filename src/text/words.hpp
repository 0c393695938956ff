#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

namespace isolite::text {

/// Returns a duration with three digits that count: 2.13 us, 21.3 ms, 213 s.
[[nodiscard]] std::string text_of(std::chrono::nanoseconds time);

/// Returns a duration in seconds, with as many digits as it has: "10", "0.3".
[[nodiscard]] std::string seconds_of(std::chrono::milliseconds time);

/// Returns which part of a whole something is: "85%". Shape: "0%" of nothing.
[[nodiscard]] std::string percentage(std::chrono::nanoseconds part, std::chrono::nanoseconds whole);

/// Returns a number with its noun: "1 image", "2 images".
[[nodiscard]] std::string counted(std::uint64_t number, const std::string& noun);

/// Returns names with a comma between them: of many the first, "a, b and 3 more".
[[nodiscard]] std::string listed(const std::vector<std::string>& names,
                                 std::size_t most = SIZE_MAX);

/// Returns a size: "12 bytes", "1.5 MiB". A MiB has 1024 * 1024 bytes.
[[nodiscard]] std::string size_in_words(std::uint64_t bytes);

/// Returns a span of time in its largest whole unit: "2 hours".
[[nodiscard]] std::string span_in_words(std::uint64_t seconds);

/// Returns a time of the calendar, as clocks show it here: "2026-11-23 15:46:25".
[[nodiscard]] std::string time_in_words(std::time_t when);

/// Returns how long ago a time was: "just now", "5 minutes ago".
[[nodiscard]] std::string age_in_words(std::time_t when);

} // namespace isolite::text
