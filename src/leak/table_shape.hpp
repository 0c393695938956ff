#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

struct sqlite3;

namespace isolite::leak {

/// How the rows of a table are read, and told from one another.
struct table_shape {
    /// The columns with the key first: the PRIMARY KEY, else the rowid, else all columns.
    std::vector<std::string> columns;
    std::size_t key_size = 0; ///< How many of them are the key.
    /// How to write the rowid, which no column hides; empty if there is none.
    std::string rowid;
    bool is_rowid_the_key = false; ///< Then columns[0] is the rowid.
    bool may_repeat_rows = false;  ///< The key is all columns, and the same row may come twice.

    /// Returns the query of all rows in the order of their keys. The rowid follows the columns if
    /// it is there and not the key: it tells rows whose PRIMARY KEY is NULL from one another.
    [[nodiscard]] std::string query(const std::string& schema, const std::string& table) const;
};

/// Returns the shape of a table; if nothing can tell, `failure` says why.
[[nodiscard]] table_shape shape_of(sqlite3* connection, const std::string& schema,
                                   const std::string& table, std::string& failure);

/// Returns a shape whose key is all columns, for tables whose rows come in any order.
[[nodiscard]] table_shape without_key(table_shape shape);

/// Returns the part that two shapes share, nothing if their keys are not the same.
[[nodiscard]] std::optional<table_shape> common_shape(const table_shape& before,
                                                      const table_shape& now);

} // namespace isolite::leak
