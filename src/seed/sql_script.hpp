#pragma once

#include <optional>
#include <string>

struct sqlite3;

namespace isolite::seeds {

/// Says where and why a script of SQL statements failed.
struct script_failure {
    std::size_t line;      ///< Units: lines from 1.
    std::string statement; ///< The statement, cut to some 200 characters on one line.
    std::string message;   ///< What SQLite says.
    std::string hint;
    int code; ///< The extended result code of SQLite.
};

/// Runs the statements of a script. Those that only write run in one transaction, because a
/// transaction for each would cost more than the statement; before any other (PRAGMA, VACUUM,
/// the script's own BEGIN) that transaction is committed.
[[nodiscard]] std::optional<script_failure> run_sql_script(sqlite3* connection,
                                                           const std::string& sql);

} // namespace isolite::seeds
