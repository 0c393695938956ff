#include <sqlite3.h>

/// Code under test in a library, which knows nothing of isolite. Returns whether the file lacked
/// the table.
extern "C" bool make_table(const char* path) {
    sqlite3* connection = nullptr;
    sqlite3_open(path, &connection);
    const int done = sqlite3_exec(connection, "CREATE TABLE kept (x)", nullptr, nullptr, nullptr);
    sqlite3_close(connection);
    return done == SQLITE_OK;
}
