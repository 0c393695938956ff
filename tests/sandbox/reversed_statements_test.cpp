#include "sandbox/reversed_statements.hpp"

#include <doctest/doctest.h>

#include <sqlite3.h>

#include <functional>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

using isolite::sandbox::begin_statements;
using isolite::sandbox::limit_reversal;
using isolite::sandbox::take_statements;

namespace {

/// Asks in a process of its own, in which the reversal is limited.
bool holds_where_limited(std::size_t reversed, const std::function<bool(sqlite3*)>& claim) {
    const pid_t child = ::fork();
    if (child == 0) {
        limit_reversal(reversed);
        sqlite3* database = nullptr;
        sqlite3_open(":memory:", &database);
        sqlite3_exec(database,
                     "CREATE TABLE t(a); INSERT INTO t VALUES ('a'), ('b'), ('c');"
                     "PRAGMA reverse_unordered_selects = ON",
                     nullptr, nullptr, nullptr);
        begin_statements();
        ::_exit(claim(database) ? 0 : 1);
    }
    int status = 1;
    ::waitpid(child, &status, 0);
    return status == 0;
}

std::string letters_in(sqlite3* database) {
    std::string all;
    const auto add = [](void* to, int /*columns*/, char** values, char** /*names*/) {
        *static_cast<std::string*>(to) += values[0];
        return 0;
    };
    sqlite3_exec(database, "SELECT a FROM t", add, &all, nullptr);
    return all;
}

} // namespace

TEST_CASE("rows come in reverse for the first statements only") {
    CHECK(holds_where_limited(2, [](sqlite3* database) {
        return letters_in(database) == "cba" && letters_in(database) == "cba" &&
               letters_in(database) == "abc" && letters_in(database) == "abc";
    }));
}

TEST_CASE("the statements of a case are told as they are written, and no others") {
    CHECK(holds_where_limited(0, [](sqlite3* database) {
        sqlite3_exec(database,
                     "CREATE TEMP TRIGGER g AFTER DELETE ON t BEGIN DELETE FROM t; END;"
                     " DELETE FROM t -- all\n;",
                     nullptr, nullptr, nullptr);
        const auto told = take_statements();
        letters_in(database); // of no case
        return told.size() == 2 && told[1] == "DELETE FROM t" && take_statements().empty();
    }));
}

TEST_CASE("a statement in the middle of its rows goes on when the reversal ends") {
    CHECK(holds_where_limited(1, [](sqlite3* database) {
        sqlite3_stmt* outer = nullptr;
        sqlite3_prepare_v2(database, "SELECT a FROM t", -1, &outer, nullptr);
        std::string all;
        while (sqlite3_step(outer) == SQLITE_ROW) {
            all += reinterpret_cast<const char*>(sqlite3_column_text(outer, 0));
            all += letters_in(database);
        }
        const int code = sqlite3_finalize(outer);
        return code == SQLITE_OK && all == "cabcbabcaabc";
    }));
}
