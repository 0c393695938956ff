#pragma once

#include <string>
#include <string_view>

namespace isolite::text {

/// Returns two small hexadecimal digits for each byte.
[[nodiscard]] inline std::string hexadecimal(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte / 16];
        text += digits[byte % 16];
    }
    return text;
}

} // namespace isolite::text
