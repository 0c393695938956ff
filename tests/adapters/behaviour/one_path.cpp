// Cases without a fixture whose code opens one path, the same in every process: ONE_PATH.
#include BEHAVIOUR_OF

#include <sqlite3.h>

#include <cstdlib>

namespace {

struct nothing {};

/// Says whether the file was new and is a database now, in this journal mode.
bool makes_database(const char* journal_mode) {
    sqlite3* database = nullptr;
    const bool done =
        sqlite3_open(std::getenv("ONE_PATH"), &database) == SQLITE_OK &&
        sqlite3_exec(database, journal_mode, nullptr, nullptr, nullptr) == SQLITE_OK &&
        sqlite3_exec(database, "CREATE TABLE t(a); INSERT INTO t VALUES (1)", nullptr, nullptr,
                     nullptr) == SQLITE_OK;
    return sqlite3_close(database) == SQLITE_OK && done;
}

BEHAVIOUR_SUITE(one_path);
BEHAVIOUR_CASE(one_path, with_a_journal, nothing, PLAIN) {
    VERIFY(makes_database("PRAGMA journal_mode = DELETE"));
}
BEHAVIOUR_CASE(one_path, with_a_log, nothing, PLAIN) {
    VERIFY(makes_database("PRAGMA journal_mode = WAL"));
}
BEHAVIOUR_CASE(one_path, with_another_log, nothing, PLAIN) {
    VERIFY(makes_database("PRAGMA journal_mode = WAL"));
}
BEHAVIOUR_CASE(one_path, with_another_journal, nothing, PLAIN) {
    VERIFY(makes_database("PRAGMA journal_mode = PERSIST"));
}

} // namespace
