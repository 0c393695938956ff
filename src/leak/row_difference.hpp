#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

struct sqlite3;

namespace isolite::leak {

/// The same table in two schemas of one connection.
struct table_pair {
    sqlite3* connection;
    std::string before; ///< The name of a schema; "": the table was not there.
    std::string now;    ///< The name of a schema.
    std::string table;
};

/// How the rows of a table differ between two schemas.
struct row_difference {
    std::size_t added = 0;
    std::size_t removed = 0;
    std::size_t changed = 0;
    std::uint64_t digest = 0;          ///< of all rows that differ, as they are now
    std::vector<std::string> examples; ///< The first rows, in the order of their keys.
    std::string failure;               ///< Why the table cannot be compared, mostly empty.

    [[nodiscard]] std::size_t count() const noexcept { return added + removed + changed; }

    /// Returns the lines about the table, none if nothing differs.
    [[nodiscard]] std::vector<std::string> lines(const std::string& table) const;
};

/// Compares row by row, in one pass over both and with one row of each in memory. A table without a
/// key that both share has no differences here.
[[nodiscard]] row_difference difference_of_rows(const table_pair& pair);

/// Does the same for a table whose rows have no identity beyond their values.
[[nodiscard]] row_difference difference_of_unkeyed_rows(const table_pair& pair);

/// Returns the rows of a table that is only in `now`, as those that were added.
[[nodiscard]] row_difference rows_of_new_table(const table_pair& pair);

} // namespace isolite::leak
