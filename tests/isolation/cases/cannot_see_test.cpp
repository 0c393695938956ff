#include "story.hpp"
#include "view.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

// The list "What isolite cannot see" of docs/fixtures.md, entry by entry: nobody is told, and a
// later test sees it. An entry that is red here has no place on the list.

using isolite::mode;

namespace {

using call = std::function<void(sqlite3*)>;
using look = std::function<std::string(sqlite3*)>;

/// Expects that a test which does this passes, and that the next one does not see `alone`.
void expect_unseen(const char* what, const call& act, const look& see, const std::string& alone) {
    for (const mode each : modes) {
        CAPTURE(std::string(what));
        CHECK(wrong_in([&](witness& says) {
                  auto engine = opened(shop(), says);
                  innocent(engine, says, each, [&] {
                      says.expect_equal(see(engine.db().getHandle()), alone, "what is usual");
                  });
                  innocent(
                      engine, says, each, [&] { act(engine.db().getHandle()); }, "culprit");
                  innocent(engine, says, each, [&] {
                      says.expect(see(engine.db().getHandle()) != alone, "it is undone");
                  });
              }) == "");
    }
}

look rows_of(const char* sql) {
    return [sql](sqlite3* db) { return answer(db, sql); };
}

void return_one(sqlite3_context* context, int, sqlite3_value**) {
    sqlite3_result_int(context, 1);
}

int compare_nothing(void*, int, const void*, int, const void*) {
    return 0;
}

int calls = 0;

/// Writes and tells how often a hook was called.
std::string hook_calls(sqlite3* db) {
    calls = 0;
    static_cast<void>(answer(db, "INSERT INTO lg VALUES (1); SELECT 1"));
    return calls > 0 ? "called" : "";
}

} // namespace

TEST_CASE("a call of sqlite3_limit is not seen") {
    expect_unseen(
        "limit", [](sqlite3* db) { sqlite3_limit(db, SQLITE_LIMIT_COLUMN, 3); },
        rows_of("SELECT 1, 2, 3, 4"), "1|2|3|4; ");
}

TEST_CASE("a call of sqlite3_busy_timeout is not seen") {
    expect_unseen(
        "busy timeout", [](sqlite3* db) { sqlite3_busy_timeout(db, 77); },
        rows_of("PRAGMA busy_timeout"), "0; ");
}

TEST_CASE("functions, collations and modules that a test registers are not seen") {
    expect_unseen(
        "function",
        [](sqlite3* db) {
            sqlite3_create_function(db, "one", 0, SQLITE_UTF8, nullptr, return_one, nullptr,
                                    nullptr);
        },
        rows_of("SELECT one()"), "error 1: no such function: one");
    expect_unseen(
        "collation",
        [](sqlite3* db) {
            sqlite3_create_collation(db, "equal", SQLITE_UTF8, nullptr, compare_nothing);
        },
        rows_of("SELECT 1 ORDER BY 1 COLLATE equal"), "error 1: no such collation sequence: equal");
    expect_unseen(
        "module",
        [](sqlite3* db) {
            static sqlite3_module module = {};
            sqlite3_create_module(db, "empty", &module, nullptr);
        },
        rows_of("SELECT count(*) FROM pragma_module_list WHERE name = 'empty'"), "0; ");
}

TEST_CASE("hooks and handlers that a test sets are not seen") {
    expect_unseen(
        "update hook",
        [](sqlite3* db) {
            sqlite3_update_hook(
                db, [](void*, int, const char*, const char*, sqlite3_int64) { ++calls; }, nullptr);
        },
        hook_calls, "");
    expect_unseen(
        "progress handler",
        [](sqlite3* db) {
            sqlite3_progress_handler(
                db, 1, [](void*) { return ++calls, 0; }, nullptr);
        },
        hook_calls, "");
}

TEST_CASE("a commit hook that a test sets is not seen") {
    CHECK(wrong_in([](witness& says) {
              auto engine = opened(shop(), says);
              innocent(engine, says, mode::copy_on_write, [&] {
                  sqlite3_commit_hook(
                      engine.db().getHandle(), [](void*) { return 1; }, nullptr);
              });
              innocent(engine, says, mode::copy_on_write, [&] {
                  says.expect_words(answer(engine.db().getHandle(), "INSERT INTO lg VALUES (1)"),
                                    {"error"}, "a COMMIT");
              });
          }) == "");
}

TEST_CASE("an authorizer that was removed is not seen, nor PRAGMAs after it") {
    for (const mode each : modes) {
        CHECK(wrong_in([each](witness& says) {
                  auto engine = opened(shop(), says);
                  innocent(engine, says, each, [&] {
                      sqlite3_set_authorizer(engine.db().getHandle(), nullptr, nullptr);
                  });
                  innocent(engine, says, each, [&] { engine.db().exec("PRAGMA cache_size = 7"); });
                  innocent(engine, says, each, [&] {
                      says.expect_equal(answer(engine.db().getHandle(), "PRAGMA cache_size"), "7; ",
                                        "what the next test sees");
                  });
              }) == "");
    }
}

TEST_CASE("total_changes() only grows") {
    expect_unseen(
        "total_changes", [](sqlite3* db) { static_cast<void>(answer(db, "UPDATE t SET v = 1")); },
        [](sqlite3* db) { return std::to_string(sqlite3_total_changes(db)); }, "0");
}

TEST_CASE("WAL mode stays as long as a connection holds it that was there before its test") {
    for (const mode each : modes) {
        CHECK(wrong_in([each](witness& says) {
                  auto engine = opened(shop(), says);
                  const auto journal_mode = [&](const std::string& wanted) {
                      innocent(engine, says, each, [&] {
                          says.expect_equal(answer(engine.db().getHandle(), "PRAGMA journal_mode"),
                                            wanted, "the journal mode");
                      });
                  };
                  std::optional<SQLite::Database> older(std::move(*engine.connect()));
                  const std::string said = test(engine, "culprit", each, [&] {
                      older->exec("PRAGMA journal_mode = WAL; SELECT * FROM t");
                  });
                  says.expect_words(said, {"holds the database in WAL mode"}, "the culprit");
                  journal_mode("wal; ");
                  says.expect_equal(answer(older->getHandle(), "SELECT count(*) FROM t"), "3; ",
                                    "the older connection");
                  innocent(engine, says, each, [&] { older.reset(); });
                  journal_mode("truncate; ");
              }) == "");
    }
}

TEST_CASE("a thread that outlives its test is told of in the next test of mode rollback") {
    CHECK(wrong_in([](witness& says) {
              auto engine = opened(shop(), says);
              std::unique_ptr<SQLite::Database> of_thread;
              innocent(
                  engine, says, mode::copy_on_write,
                  [&] {
                      of_thread = std::make_unique<SQLite::Database>(std::move(*engine.connect()));
                  },
                  "the opener");
              const auto write = [&] {
                  std::thread([&] { of_thread->exec("INSERT INTO lg VALUES ('late')"); }).join();
              };
              const std::string said = test(engine, "the next", mode::rollback, write);
              says.expect_words(said, {"committed changes", "'the opener' left open"}, "the next");
              test(engine, "one more", mode::copy_on_write, [&] {
                  write();
                  says.expect_equal(answer(engine.db().getHandle(), "SELECT m FROM lg"), "late; ",
                                    "what the next test sees");
              });
          }) == "");
}

TEST_CASE("what only a COMMIT would do is not done in mode rollback") {
    CHECK(wrong_in([](witness& says) {
              auto engine = opened(shop(), says);
              calls = 0;
              innocent(engine, says, mode::rollback, [&] {
                  sqlite3_commit_hook(
                      engine.db().getHandle(), [](void*) { return ++calls; }, nullptr);
                  engine.db().exec("INSERT INTO lg VALUES (1); SAVEPOINT s; RELEASE s");
              });
              says.expect(calls == 0, "the hook was called");
          }) == "");
}

TEST_CASE("what is not this database is not seen") {
    expect_unseen(
        "environment", [](sqlite3*) { ::setenv("LEFT_BY_A_TEST", "yes", 1); },
        [](sqlite3*) {
            const char* const value = std::getenv("LEFT_BY_A_TEST");
            return std::string(value ? value : "");
        },
        "");
    const auto shared = [] {
        sqlite3* memory = nullptr;
        sqlite3_open_v2("file:left?mode=memory&cache=shared", &memory,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI, "unix");
        return memory;
    };
    expect_unseen(
        "a database of another file system",
        [&](sqlite3*) { // which stays open till the process ends
            static_cast<void>(answer(shared(), "CREATE TABLE left_behind(a)"));
        },
        [&](sqlite3*) {
            sqlite3* const memory = shared();
            const std::string tables = answer(memory, "SELECT name FROM sqlite_schema");
            sqlite3_close(memory);
            return tables;
        },
        "");
}
