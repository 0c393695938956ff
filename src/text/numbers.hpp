#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace isolite::text {

/// Returns the number that a text is: digits, with a minus before them where the type has a sign,
/// and nothing around them. Returns nothing for any other text, and for what is too large.
template <typename Number>
[[nodiscard]] std::optional<Number> number_in(std::string_view text, int base = 10) {
    Number number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, failure] = std::from_chars(text.data(), end, number, base);
    return failure == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

} // namespace isolite::text
