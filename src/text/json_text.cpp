#include "text/json_text.hpp"

#include "text/utf8.hpp"

#include <cstddef>

namespace isolite::text {

std::string json_text(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string made = "\"";
    for (std::size_t at = 0; at < text.size();) {
        const character next = character_at(text, at);
        at += next.bytes.size();
        if (!next.is_valid) {
            made += '?';
        } else if (next.code < ' ' || next.code == 0x7F) {
            made += "\\u00";
            made += digits[next.code / 16];
            made += digits[next.code % 16];
        } else {
            if (next.code == '"' || next.code == '\\') {
                made += '\\';
            }
            made += next.bytes;
        }
    }
    return made + '"';
}

} // namespace isolite::text
