#pragma once

#include <string_view>

struct sqlite3_stmt;

namespace isolite {

/// One value of the current row of a statement, left where SQLite has it.
struct cell {
    sqlite3_stmt* row;
    int column;

    [[nodiscard]] int type() const;

    /// Returns a blob, or a text in the encoding of the database, unless it was read in another.
    [[nodiscard]] std::string_view bytes() const;
};

/// Says whether two values have the same type and the same bits.
[[nodiscard]] bool identical(const cell& left, const cell& right);

/// Compares as ORDER BY ... COLLATE BINARY does, for which 1 equals 1.0.
/// Source: https://www.sqlite.org/datatype3.html#sort_order
[[nodiscard]] int order(const cell& left, const cell& right);

/// Compares two values between which `order` sees no difference as ORDER BY typeof(...) does.
[[nodiscard]] int order_of_types(const cell& left, const cell& right);

} // namespace isolite
