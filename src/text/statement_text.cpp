#include "text/statement_text.hpp"

#include <algorithm>

namespace isolite::text {

namespace {

constexpr std::string_view space = " \t\r\n\f";

/// Returns where the string or quoted name ends that begins at `start`, or `start` itself where
/// none begins.
std::size_t end_of_quotation(std::string_view sql, std::size_t start) {
    constexpr std::string_view opening = "'\"`[";
    constexpr std::string_view closing = "'\"`]";
    const std::size_t kind = opening.find(sql[start]);
    if (kind == std::string_view::npos) {
        return start;
    }
    const std::size_t end = sql.find(closing[kind], start + 1);
    return end == std::string_view::npos ? sql.size() : end + 1;
}

/// Does so for a comment.
std::size_t end_of_comment(std::string_view sql, std::size_t start) {
    const bool is_line = sql.substr(start, 2) == "--";
    if (!is_line && sql.substr(start, 2) != "/*") {
        return start;
    }
    const std::size_t end = is_line ? sql.find('\n', start) : sql.find("*/", start + 2);
    return end == std::string_view::npos ? sql.size() : end + (is_line ? 1 : 2);
}

std::string on_one_line(std::string_view sql) {
    std::string text;
    bool apart = false;
    std::size_t quoted = 0; // up to where
    for (std::size_t next = 0; next < sql.size();) {
        const std::size_t comment = next < quoted ? next : end_of_comment(sql, next);
        if (comment > next || space.find(sql[next]) != std::string_view::npos) {
            apart = !text.empty();
            next = std::max(comment, next + 1);
            continue;
        }
        quoted = next < quoted ? quoted : end_of_quotation(sql, next);
        text += apart ? " " : "";
        text += sql[next++];
        apart = false;
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
