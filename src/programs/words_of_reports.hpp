#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace isolite::programs {

[[nodiscard]] bool starts_with(std::string_view text, std::string_view beginning);
[[nodiscard]] bool ends_with(std::string_view text, std::string_view end);

/// Returns a text without blanks and ends of lines around it.
[[nodiscard]] std::string trimmed(std::string_view text);

/// Returns the lines of a text, without their ends.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

/// Returns what stands behind the first and before the last of these in a line; "" if it has not
/// both.
[[nodiscard]] std::string between(std::string_view line, std::string_view first,
                                  std::string_view last);

/// Reads a number of seconds at the beginning of a text; 0 where there is none.
[[nodiscard]] std::chrono::nanoseconds seconds_in(const std::string& text);

/// Returns some texts with something between them.
[[nodiscard]] std::string joined(const std::vector<std::string>& texts,
                                 const std::string& separator);

/// Puts a backslash before each of these letters.
[[nodiscard]] std::string escaped(std::string_view text, std::string_view letters);

} // namespace isolite::programs
