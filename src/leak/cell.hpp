#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace isolite::leak {

/// One value of the current row of a statement, left where SQLite has it.
struct cell {
    sqlite3_stmt* row;
    int column;

    [[nodiscard]] int type() const { return sqlite3_column_type(row, column); }
    [[nodiscard]] sqlite3_int64 integer() const { return sqlite3_column_int64(row, column); }
    [[nodiscard]] double real() const { return sqlite3_column_double(row, column); }

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

/// Returns a number of a value, and of those before it, whose number is given.
[[nodiscard]] std::uint64_t digest_of(const cell& value, std::uint64_t before);

/// Returns a value as an SQL literal on one line. A long text or blob is cut and its length said;
/// what has no place on a line is escaped as in C++.
[[nodiscard]] std::string text_of(const cell& value);

/// Returns two values as "old -> new". Of long ones that begin alike, the part where they differ.
[[nodiscard]] std::string text_of_change(const cell& before, const cell& now);

} // namespace isolite::leak
