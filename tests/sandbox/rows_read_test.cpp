#include "sandbox/rows_read.hpp"

#include <doctest/doctest.h>

#include <sqlite3.h>

#include <functional>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

using isolite::sandbox::rows_read;
using isolite::sandbox::take_rows_read;
using isolite::sandbox::watch_rows;

namespace {

/// Asks in a process of its own, in which all connections are watched.
bool holds_where_rows_are_watched(const std::function<bool(sqlite3*)>& claim) {
    const pid_t child = ::fork();
    if (child == 0) {
        watch_rows();
        sqlite3* database = nullptr;
        sqlite3_open(":memory:", &database);
        sqlite3_exec(database,
                     "CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, 'z')",
                     nullptr, nullptr, nullptr);
        static_cast<void>(take_rows_read());
        ::_exit(claim(database) ? 0 : 1);
    }
    int status = 1;
    ::waitpid(child, &status, 0);
    return status == 0;
}

rows_read read_by(sqlite3* database, const char* sql) {
    sqlite3_exec(database, sql, nullptr, nullptr, nullptr);
    const auto all = take_rows_read();
    return all.size() == 1 ? all.front() : rows_read();
}

} // namespace

TEST_CASE("of a SELECT it is known which rows it gives, and in which order") {
    CHECK(holds_where_rows_are_watched([](sqlite3* database) {
        const auto up = read_by(database, "SELECT * FROM t ORDER BY a;");
        const auto down = read_by(database, "SELECT * FROM t ORDER BY a DESC");
        const auto fewer = read_by(database, "SELECT * FROM t WHERE a < 3 ORDER BY a");
        return up.sql == "SELECT * FROM t ORDER BY a" && up.in_order != down.in_order &&
               up.in_any_order == down.in_any_order && fewer.in_any_order != up.in_any_order;
    }));
}

TEST_CASE("all its rows count, whatever the program reads of them, and what is bound") {
    CHECK(holds_where_rows_are_watched([](sqlite3* database) {
        const auto all = read_by(database, "SELECT b FROM t WHERE a > 1");
        sqlite3_stmt* statement = nullptr;
        sqlite3_prepare_v2(database, "SELECT b FROM t WHERE a > ?", -1, &statement, nullptr);
        sqlite3_bind_int(statement, 1, 1);
        const bool has_row = sqlite3_step(statement) == SQLITE_ROW;
        sqlite3_finalize(statement);
        const auto read = take_rows_read();
        return has_row && read.size() == 1 && read.front().in_order == all.in_order;
    }));
}

TEST_CASE("what reads nothing of tables, or writes, is not told") {
    CHECK(holds_where_rows_are_watched([](sqlite3* database) {
        for (const char* const each :
             {"BEGIN", "INSERT INTO t VALUES (4, 'w')", "UPDATE t SET b = 'v' RETURNING a",
              "PRAGMA user_version", "EXPLAIN SELECT * FROM t", "COMMIT"}) {
            sqlite3_exec(database, each, nullptr, nullptr, nullptr);
        }
        return take_rows_read().empty();
    }));
}
