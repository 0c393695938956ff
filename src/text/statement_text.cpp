#include "text/statement_text.hpp"

#include "text/sql_scanner.hpp"

namespace isolite::text {

namespace {

constexpr std::string_view white_space = " \t\r\n\f"; // in strings, too

std::string on_one_line(std::string_view sql) {
    std::string text;
    bool apart = false;
    for (std::size_t at = 0; at < sql.size();) {
        const sql_piece piece = sql_piece_at(sql, at);
        const bool is_gap = piece.kind == sql_kind::blank || piece.kind == sql_kind::comment;
        for (const char c : sql.substr(at, piece.end - at)) {
            if (is_gap || white_space.find(c) != std::string_view::npos) {
                apart = !text.empty();
            } else {
                text += apart ? " " : "";
                text += c;
                apart = false;
            }
        }
        at = piece.end;
    }
    return text;
}

} // namespace

std::string statement_text(std::string_view sql) {
    constexpr std::size_t longest = 120;
    std::string text = on_one_line(sql);
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

} // namespace isolite::text
