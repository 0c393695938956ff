#pragma once

#include <string>
#include <vector>

struct sqlite3;

namespace isolite::sandbox {

/// Returns the sum of what `main` and some databases answer to a file control that asks, which
/// shows in no other way.
[[nodiscard]] int answers(sqlite3* connection, const std::vector<std::string>& attached,
                          int control);

/// Counts the transactions that a connection has committed to a database. 0 while there is none.
/// Source: https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html
[[nodiscard]] unsigned data_version(sqlite3* connection, const char* schema);

/// Returns the file that is attached as a schema, "" where there is none, or one without a name,
/// which goes with its connection. What lies in SQLite's VFS memdb is a file: connections may share
/// it, and sqlite3_deserialize puts one in the place of another database. Some versions of SQLite
/// tell a name for it, and others none: then it is the URI of one.
[[nodiscard]] std::string file_behind(sqlite3* connection, const char* schema);

/// Returns a number that changes when others commit to an attached file.
[[nodiscard]] unsigned commits_of_others(sqlite3* connection, const char* schema);

/// Returns how many databases a connection has.
[[nodiscard]] int count_databases(sqlite3* connection);

} // namespace isolite::sandbox
