#include "story.hpp"
#include "view.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <string>

// The list "What isolite cannot see" of docs/fixtures.md, entry by entry: nobody is told, and a
// later test sees it. An entry that is red here has no place on the list.

using isolite::mode;
using isolite::seed;

// Not in all builds of SQLite, nor in its header unless it is asked for.
extern "C" __attribute__((weak)) void* sqlite3_preupdate_hook(
    sqlite3*,
    void (*)(void*, sqlite3*, int, const char*, const char*, sqlite3_int64, sqlite3_int64), void*);

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

TEST_CASE("a function that replaces another one is undone, but for one beside a PRAGMA of a flag") {
    const auto replace = [](const char* pragma) {
        return [pragma](sqlite3* db) {
            sqlite3_create_function(db, "one", 0, SQLITE_UTF8, nullptr, return_one, nullptr,
                                    nullptr);
            static_cast<void>(answer(db, pragma));
        };
    };
    const auto one = [](SQLite::Database& db) {
        sqlite3_create_function(
            db.getHandle(), "one", 0, SQLITE_UTF8, nullptr,
            [](sqlite3_context* context, int, sqlite3_value**) { sqlite3_result_int(context, 11); },
            nullptr, nullptr);
    };
    for (const char* const pragma :
         {"", "PRAGMA cache_size = 7; PRAGMA cache_size = -2000", "PRAGMA foreign_keys = ON"}) {
        CAPTURE(std::string(pragma));
        const bool is_flag = std::string(pragma).find("foreign") != std::string::npos;
        for (const mode each : modes) {
            CHECK(wrong_in([&](witness& says) {
                      auto engine = opened(shop().on_connect(one), says);
                      const auto see = [&](const char* wanted) {
                          innocent(engine, says, each, [&] {
                              says.expect_equal(answer(engine.db().getHandle(), "SELECT one()"),
                                                wanted, "the function");
                          });
                      };
                      see("11; ");
                      innocent(engine, says, each, [&] { // so that it is known what is usual
                          static_cast<void>(answer(engine.db().getHandle(), pragma));
                      });
                      innocent(engine, says, each,
                               [&] { replace(pragma)(engine.db().getHandle()); });
                      see(is_flag ? "1; " : "11; ");
                  }) == "");
        }
    }
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

TEST_CASE("a hook before updates, which a session of SQLite is too, is not seen") {
    if (!sqlite3_preupdate_hook) {
        return;
    }
    expect_unseen(
        "pre-update hook",
        [](sqlite3* db) {
            sqlite3_preupdate_hook(
                db,
                [](void*, sqlite3*, int, const char*, const char*, sqlite3_int64, sqlite3_int64) {
                    ++calls;
                },
                nullptr);
        },
        hook_calls, "");
}

TEST_CASE("who chooses the pages that an auto-vacuum frees is not seen") {
    calls = 0;
    CHECK(wrong_in([](witness& says) {
              auto engine = opened(seed("full").sql("PRAGMA auto_vacuum = FULL;"
                                                    "CREATE TABLE t(v);"
                                                    "INSERT INTO t VALUES (zeroblob(90000));"),
                                   says);
              innocent(engine, says, mode::copy_on_write, [&] {
                  sqlite3_autovacuum_pages(
                      engine.db().getHandle(),
                      [](void*, const char*, unsigned, unsigned, unsigned) {
                          return static_cast<unsigned>(++calls * 0);
                      },
                      nullptr, nullptr);
              });
              innocent(engine, says, mode::copy_on_write, [&] {
                  engine.db().exec("DELETE FROM t");
                  says.expect(calls > 0, "nobody was called");
              });
          }) == "");
}

TEST_CASE("that SQL may load extensions is not seen where C may anyway") {
    int may_load = 0;
    SQLite::Database database(":memory:");
    sqlite3_db_config(database.getHandle(), SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, -1, &may_load);
    if (may_load == 0) {
        return;
    }
    expect_unseen(
        "load_extension", [](sqlite3* db) { sqlite3_enable_load_extension(db, 1); },
        rows_of("SELECT load_extension(NULL)"), "error 1: not authorized");
}

TEST_CASE("what SQLite's planner must not optimise is not seen") {
    expect_unseen(
        "optimisations",
        [](sqlite3* db) { sqlite3_test_control(SQLITE_TESTCTRL_OPTIMIZATIONS, db, 0xffffffffU); },
        [](sqlite3* db) {
            const std::string plan =
                answer(db, "EXPLAIN QUERY PLAN SELECT DISTINCT v FROM t ORDER BY v");
            return std::string(plan.find("ORDER BY") != std::string::npos ? "sorts twice" : "");
        },
        "");
}

TEST_CASE("hooks of commits, and handlers of locks, that a test sets are not seen") {
    const auto in_copy_on_write = [](const call& act, const look& see) {
        return wrong_in([&](witness& says) {
            auto engine = opened(shop(in_wal), says);
            calls = 0;
            innocent(engine, says, mode::copy_on_write, [&] { act(engine.db().getHandle()); });
            innocent(engine, says, mode::copy_on_write, [&] {
                const auto other = engine.connect(std::chrono::milliseconds(0));
                static_cast<void>(answer(other->getHandle(), "BEGIN IMMEDIATE"));
                see(engine.db().getHandle());
                static_cast<void>(answer(other->getHandle(), "ROLLBACK"));
                see(engine.db().getHandle());
                says.expect(calls > 0, "nobody was called");
            });
        });
    };
    const look write = rows_of("INSERT INTO lg VALUES (1)");
    CHECK(in_copy_on_write(
              [](sqlite3* db) {
                  sqlite3_commit_hook(
                      db, [](void*) { return ++calls, 0; }, nullptr);
              },
              write) == "");
    CHECK(in_copy_on_write(
              [](sqlite3* db) {
                  sqlite3_wal_hook(
                      db, [](void*, sqlite3*, const char*, int) { return ++calls, SQLITE_OK; },
                      nullptr);
              },
              write) == "");
    CHECK(in_copy_on_write(
              [](sqlite3* db) {
                  sqlite3_busy_handler(
                      db, [](void*, int) { return ++calls, 0; }, nullptr);
              },
              write) == "");
}

TEST_CASE("what SQLite is as a whole is not seen") {
    expect_unseen(
        "automatic extension",
        [](sqlite3*) {
            const auto extension = [](sqlite3* db, char**, const void*) {
                return sqlite3_create_function(db, "one", 0, SQLITE_UTF8, nullptr, return_one,
                                               nullptr, nullptr);
            };
            int (*const entry)(sqlite3*, char**, const void*) = extension;
            sqlite3_auto_extension(reinterpret_cast<void (*)()>(entry));
        },
        [](sqlite3*) {
            sqlite3* opened = nullptr;
            sqlite3_open(":memory:", &opened);
            const std::string one = answer(opened, "SELECT one()");
            sqlite3_close(opened);
            return one;
        },
        "error 1: no such function: one");
    expect_unseen(
        "configuration",
        [](sqlite3*) {
            sqlite3_shutdown();
            sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
            sqlite3_initialize();
        },
        [](sqlite3*) {
            const sqlite3_int64 before = sqlite3_memory_used();
            void* const memory = sqlite3_malloc(100000);
            const bool is_counted = sqlite3_memory_used() > before;
            sqlite3_free(memory);
            return std::string(is_counted ? "counted" : "not counted");
        },
        "counted");
}

TEST_CASE("a limit of mapped memory that a file control sets is not seen") {
    expect_unseen(
        "mmap_size",
        [](sqlite3* db) {
            sqlite3_int64 size = 8192;
            sqlite3_file_control(db, "main", SQLITE_FCNTL_MMAP_SIZE, &size);
        },
        rows_of("PRAGMA mmap_size"), "0; ");
}

TEST_CASE("a session that outlives its test is not seen") {
    CHECK(wrong_in([](witness& says) {
              auto engine = opened(shop(), says);
              auto left = isolite::session::open(engine, "culprit", mode::rollback);
              engine.db().exec("INSERT INTO t(v) VALUES ('left')");
              const std::string rows = answer(engine.db().getHandle(), "SELECT count(*) FROM t");
              innocent(engine, says, mode::rollback, [&] {
                  says.expect_equal(answer(engine.db().getHandle(), "SELECT count(*) FROM t"), rows,
                                    "what the next test sees");
              });
              says.expect(left->close().has_value(), "it is told");
          }) == "");
}

TEST_CASE("a commit to the database of an engine without a session is undone, and not seen") {
    CHECK(wrong_in([](witness& says) {
              auto engine = opened(shop("", "own"), says);
              auto other = opened(shop("", "other"), says);
              const std::string rows = answer(other.db().getHandle(), "SELECT count(*) FROM t");
              innocent(other, says, mode::rollback, [] {});
              innocent(engine, says, mode::rollback, [&] {
                  SQLite::Database stranger(other.uri(), SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
                  stranger.exec("INSERT INTO t(v) VALUES ('strange')");
              });
              innocent(other, says, mode::rollback, [&] {
                  says.expect_equal(answer(other.db().getHandle(), "SELECT count(*) FROM t"), rows,
                                    "what the next test sees");
              });
          }) == "");
}

TEST_CASE("total_changes() only grows") {
    expect_unseen(
        "total_changes", [](sqlite3* db) { static_cast<void>(answer(db, "UPDATE t SET v = 1")); },
        [](sqlite3* db) { return std::to_string(sqlite3_total_changes(db)); }, "0");
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
