#include "store/running_statements.hpp"

#include "error/statement_text.hpp"

#include <sqlite3.h>

namespace isolite::store {

namespace {

/// Says which of the running statements comes first: one that writes is likelier to commit than
/// one that controls transactions, and that than a query which was left in the middle.
int rank(sqlite3_stmt* statement) {
    if (sqlite3_stmt_readonly(statement) == 0) {
        return 3;
    }
    return sqlite3_column_count(statement) == 0 ? 2 : 1;
}

} // namespace

std::string committing_statement(sqlite3* connection) {
    if (!connection) {
        return {};
    }
    sqlite3_stmt* found = nullptr;
    for (sqlite3_stmt* each = sqlite3_next_stmt(connection, nullptr); each;
         each = sqlite3_next_stmt(connection, each)) {
        if (sqlite3_stmt_busy(each) != 0 && (!found || rank(each) > rank(found))) {
            found = each;
        }
    }
    const char* const sql = found ? sqlite3_sql(found) : nullptr;
    return sql ? statement_text(sql) : std::string();
}

std::string unfinished_statement(sqlite3* connection) {
    // Without a mutex nobody can tell whether another thread is using the connection.
    sqlite3_mutex* const mutex = connection ? sqlite3_db_mutex(connection) : nullptr;
    if (!mutex || sqlite3_mutex_try(mutex) != SQLITE_OK) {
        return {};
    }
    std::string text = committing_statement(connection);
    sqlite3_mutex_leave(mutex);
    return text;
}

} // namespace isolite::store
