#pragma once

#include <cstddef>
#include <string_view>

namespace isolite::text {

/// What stands at some place of a text of SQL.
enum class sql_kind {
    blank,     ///< white space, or a byte order mark
    comment,   ///< with its end
    quotation, ///< a string or a quoted name
    semicolon,
    other, ///< a character of all else
};

struct sql_piece {
    sql_kind kind = sql_kind::other;
    std::size_t end = 0; ///< Where the next one begins.
};

/// Returns the piece that begins at a place of a text of SQL. What is not closed goes to the end.
///
/// Requires: `at` is less than the size of the text, and the begin of a piece.
/// Source: https://www.sqlite.org/lang_comment.html
[[nodiscard]] sql_piece sql_piece_at(std::string_view sql, std::size_t at);

/// Returns where a statement begins at or behind a place between two statements: behind blanks,
/// comments and semicolons, or at the end.
[[nodiscard]] std::size_t begin_of_statement(std::string_view sql, std::size_t at = 0);

/// Returns where the statement ends that begins at a place: at its semicolon, or at the end. That
/// of a trigger ends at the first semicolon in it: only SQLite knows better.
[[nodiscard]] std::size_t end_of_statement(std::string_view sql, std::size_t at);

} // namespace isolite::text
