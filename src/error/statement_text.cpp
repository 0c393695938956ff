#include "error/statement_text.hpp"

#include <algorithm>

namespace isolite {

std::string statement_text(std::string_view sql) {
    constexpr std::size_t longest = 120;
    constexpr std::string_view space = " \t\r\n\f";
    std::string text;
    for (std::size_t next = sql.find_first_not_of(space); next < sql.size();) {
        const std::size_t end = std::min(sql.find_first_of(space, next), sql.size());
        text += text.empty() ? "" : " ";
        text += sql.substr(next, end - next);
        next = std::min(sql.find_first_not_of(space, end), sql.size());
    }
    text.resize(text.find_last_not_of("; ") + 1);
    if (text.size() > longest) {
        std::size_t end = longest;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
            --end; // not in the middle of a character
        }
        text.resize(end);
        text += "...";
    }
    return text;
}

} // namespace isolite
