#include "text/sql_scanner.hpp"

#include <algorithm>

namespace isolite::text {

namespace {

constexpr std::string_view blanks = " \t\r\n\f";
constexpr std::string_view blanks_behind_blanks = " \t\r\n\f\v"; // as SQLite's tokenizer has it
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Returns where the first `last` at or behind a place ends.
std::size_t behind(std::string_view sql, std::string_view last, std::size_t at) {
    const std::size_t found = sql.find(last, at);
    return found == std::string_view::npos ? sql.size() : found + last.size();
}

} // namespace

sql_piece sql_piece_at(std::string_view sql, std::size_t at) {
    constexpr std::string_view opening = "'\"`[";
    constexpr std::string_view closing = "'\"`]";
    const std::string_view rest = sql.substr(at);
    if (blanks.find(sql[at]) != std::string_view::npos) {
        return {sql_kind::blank,
                std::min(sql.find_first_not_of(blanks_behind_blanks, at), sql.size())};
    }
    if (rest.substr(0, byte_order_mark.size()) == byte_order_mark) {
        return {sql_kind::blank, at + byte_order_mark.size()};
    }
    if (rest.substr(0, 2) == "--") {
        return {sql_kind::comment, behind(sql, "\n", at)};
    }
    if (rest.substr(0, 2) == "/*" && rest.size() > 2) { // SQLite: a slash where nothing follows
        return {sql_kind::comment, behind(sql, "*/", at + 2)};
    }
    if (const std::size_t kind = opening.find(sql[at]); kind != std::string_view::npos) {
        return {sql_kind::quotation, behind(sql, closing.substr(kind, 1), at + 1)};
    }
    return {sql[at] == ';' ? sql_kind::semicolon : sql_kind::other, at + 1};
}

std::size_t begin_of_statement(std::string_view sql, std::size_t at) {
    while (at < sql.size()) {
        const sql_piece piece = sql_piece_at(sql, at);
        if (piece.kind == sql_kind::quotation || piece.kind == sql_kind::other) {
            break;
        }
        at = piece.end;
    }
    return at;
}

std::size_t end_of_statement(std::string_view sql, std::size_t at) {
    while (at < sql.size()) {
        const sql_piece piece = sql_piece_at(sql, at);
        if (piece.kind == sql_kind::semicolon) {
            break;
        }
        at = piece.end;
    }
    return at;
}

} // namespace isolite::text
