#include "story.hpp"
#include "view.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

// Who is blamed, for what, and in which words.

using isolite::mode;

namespace {

void run_by_function(sqlite3_context* context, int, sqlite3_value** arguments) {
    sqlite3_exec(sqlite3_context_db_handle(context),
                 reinterpret_cast<const char*>(sqlite3_value_text(arguments[0])), nullptr, nullptr,
                 nullptr);
}

} // namespace

TEST_CASE("what goes with the pages is no leak of copy_on_write") {
    for (const char* const sql : {"PRAGMA page_size = 1024; VACUUM",
                                  "PRAGMA page_size = 8192; VACUUM; INSERT INTO t(v) "
                                  "VALUES (zeroblob(100000))",
                                  "PRAGMA auto_vacuum = FULL; VACUUM",
                                  "PRAGMA auto_vacuum = INCREMENTAL; VACUUM;"
                                  "DELETE FROM t; PRAGMA incremental_vacuum",
                                  "DELETE FROM t WHERE id > 1; VACUUM", "VACUUM INTO ':memory:'",
                                  "PRAGMA user_version = 9; PRAGMA application_id = 8",
                                  "PRAGMA audit.page_size = 1024; VACUUM audit",
                                  "PRAGMA journal_mode = WAL; INSERT INTO "
                                  "t(v) VALUES ('x'); PRAGMA journal_mode = DELETE"}) {
        CAPTURE(std::string(sql));
        story told{audited_shop(), sql};
        told.may_fail = true;
        told.in_rollback = either();
        CHECK(wrong_in(told) == "");
    }
    for (const char* const sql :
         {"PRAGMA journal_mode = WAL; INSERT INTO t(v) VALUES ('x')",
          "PRAGMA audit.journal_mode = WAL; INSERT INTO audit.entries VALUES ('x')",
          "PRAGMA main.journal_mode = WAL"}) {
        CAPTURE(std::string(sql));
        story told{audited_shop(), sql};
        told.may_fail = true;
        told.in_rollback = either();
        CHECK(wrong_in(told) == "");
    }
}

TEST_CASE("WAL that a connection set which stays open ends with its test, and is told of") {
    for (const mode each : modes) {
        for (const bool in_suite : {false, true}) {
            for (const char* const more : {"", "PRAGMA cache_size = 7"}) {
                CAPTURE(in_suite);
                CAPTURE(std::string(more));
                CHECK(wrong_in([&](witness& says) {
                          const pristine next(audited_shop(), in_suite ? [](stage&) {} : deed());
                          auto engine = opened(audited_shop(), says);
                          std::optional<isolite::session> suite;
                          if (in_suite) {
                              suite.emplace(std::move(*isolite::session::open(
                                  engine, "the suite", mode::copy_on_write)));
                              engine.db().exec("INSERT INTO lg VALUES ('of the suite')");
                          }
                          std::optional<SQLite::Database> left;
                          const std::string said = test(engine, "culprit", each, [&] {
                              left.emplace(std::move(*engine.connect()));
                              left->exec("PRAGMA journal_mode = WAL; SELECT * FROM t");
                              static_cast<void>(answer(engine.db().getHandle(), more));
                          });
                          says.expect_words(
                              said, {"left a connection open that holds the database in WAL mode"},
                              "the culprit");
                          next.expect(engine, says);
                          innocent(engine, says, each, [&] {
                              says.expect_equal(answer(left->getHandle(), "SELECT * FROM t"),
                                                "error 10: disk I/O error",
                                                "the connection that was left open");
                          });
                      }) == "");
            }
        }
    }
}

TEST_CASE("WAL that a closed connection set goes with the pages, whatever ran before") {
    for (const char* const earlier :
         {"SELECT 1",
          "PRAGMA recursive_triggers = 1; PRAGMA recursive_triggers = 0; "
          "CREATE TABLE x(a)",
          "CREATE TABLE x(a)"}) {
        CAPTURE(std::string(earlier));
        story told{shop()};
        told.act = [earlier](stage& at) {
            at.attempt(earlier);
            {
                auto other = at.engine.connect();
                static_cast<void>(answer(other->getHandle(), "PRAGMA journal_mode = WAL"));
            }
            at.attempt("INSERT INTO t(v) VALUES ('x')");
        };
        told.in_rollback = either();
        CHECK(wrong_in(told) == "");
    }
}

TEST_CASE("a trigger that a function creates is no BEGIN") {
    for (const char* const text :
         {"CREATE TRIGGER tr AFTER INSERT ON t\nBEGIN SELECT 1; END",
          "CREATE TRIGGER tr AFTER INSERT ON t BEGIN\nINSERT INTO lg VALUES (1); END",
          "-- a comment\nCREATE TABLE x(a)", "/* BEGIN\nBEGIN */ CREATE TABLE x(a)"}) {
        CAPTURE(std::string(text));
        CHECK(wrong_in([&](witness& says) {
                  auto engine = opened(shop().on_connect([](SQLite::Database& db) {
                      sqlite3_create_function(db.getHandle(), "run", 1, SQLITE_UTF8, nullptr,
                                              run_by_function, nullptr, nullptr);
                  }),
                                       says);
                  for (const mode each : modes) {
                      innocent(engine, says, each,
                               [&] { engine.execute("INSERT INTO lg VALUES (run(?))", text); });
                  }
              }) == "");
    }
}

TEST_CASE("what was set outside of any session is no test's leak") {
    for (const char* const sql :
         {"PRAGMA recursive_triggers = ON", "PRAGMA cache_size = 7", "PRAGMA foreign_keys = OFF",
          "CREATE TEMP TABLE of_a_fixture(a)", "PRAGMA busy_timeout = 77",
          "PRAGMA case_sensitive_like = ON", "PRAGMA query_only = OFF; PRAGMA threads = 2"}) {
        for (const bool by_mode_none : {false, true}) {
            CAPTURE(std::string(sql));
            CHECK(wrong_in([&](witness& says) {
                      auto engine = opened(shop(), says);
                      const auto set = [&] { engine.db().exec(sql); };
                      if (by_mode_none) {
                          innocent(engine, says, mode::none, set);
                      } else {
                          set();
                      }
                      for (const mode each : modes) {
                          innocent(engine, says, each, [&] { engine.db().exec("SELECT 1"); });
                          innocent(engine, says, each, [&] {
                              engine.db().exec("CREATE TABLE x(a); INSERT INTO t(v) VALUES ('x')");
                          });
                      }
                  }) == "");
        }
    }
}

TEST_CASE("rows written between sessions are undone and are no test's") {
    const pristine as_new(shop());
    for (const char* const sql : {"INSERT INTO t VALUES (9, 'by a destructor')", "DELETE FROM t",
                                  "CREATE TABLE left(a)", "DROP TABLE lg"}) {
        CAPTURE(std::string(sql));
        for (const mode each : modes) {
            CHECK(wrong_in([&](witness& says) {
                      auto engine = opened(shop(), says);
                      innocent(
                          engine, says, each, [&] { engine.db().exec("SELECT 1"); }, "first");
                      std::string told = written_to_stderr([&] {
                          engine.db().exec(sql);
                          as_new.expect(engine, says);
                      });
                      says.expect(!told.empty(), "nobody is told");
                      says.expect(told.find("cannot end 'the next'") == std::string::npos, told);
                  }) == "");
        }
    }
}

TEST_CASE("what a suite keeps open is no leak of the tests in it") {
    for (const mode each : modes) {
        CHECK(wrong_in([each](witness& says) {
                  auto engine = opened(shop(), says);
                  auto suite = isolite::session::open(engine, "the suite", mode::copy_on_write);
                  SQLite::Statement& kept = engine.statement("SELECT id FROM t");
                  kept.executeStep();
                  auto other = engine.connect();
                  SQLite::Statement reader(*other, "SELECT id FROM t");
                  reader.executeStep();
                  for (int i = 0; i < 3; ++i) {
                      innocent(
                          engine, says, each, [] {}, "a test beside a cursor and a reader");
                      // A COMMIT would wait for the reader, as on any SQLite.
                      innocent(
                          engine, says, mode::rollback,
                          [&] { engine.execute("INSERT INTO lg VALUES (1)"); }, "a writer");
                  }
                  says.expect(kept.executeStep() && kept.getColumn(0).getInt() == 2,
                              "the suite's cursor was moved");
                  kept.reset();
                  reader.tryReset();
                  const auto closed = suite->close();
                  says.expect(closed.has_value(), closed ? "" : closed.error().text());
              }) == "");
    }
}

TEST_CASE("a connection is named by the one that opened it") {
    CHECK(wrong_in([](witness& says) {
              auto engine = opened(shop(), says);
              auto suite = isolite::session::open(engine, "the suite", mode::copy_on_write);
              auto of_suite = engine.connect();
              innocent(
                  engine, says, mode::rollback, [] {}, "bystander");
              const std::string said = test(engine, "culprit", mode::rollback,
                                            [&] { of_suite->exec("INSERT INTO lg VALUES (1)"); });
              says.expect_words(said, {"committed changes", "INSERT INTO lg"}, "the culprit");
              says.expect(said.find("bystander") == std::string::npos, said);
          }) == "");
    for (const mode each : modes) {
        CHECK(wrong_in([each](witness& says) {
                  auto engine = opened(shop(), says);
                  std::unique_ptr<SQLite::Database> left;
                  test(engine, "the opener", mode::copy_on_write, [&] {
                      left = std::make_unique<SQLite::Database>(std::move(*engine.connect()));
                  });
                  innocent(
                      engine, says, mode::rollback, [] {}, "bystander");
                  const std::string said = test(engine, "culprit", each,
                                                [&] { left->exec("INSERT INTO lg VALUES (1)"); });
                  says.expect_words(said, {"a connection that 'the opener' left open"},
                                    "the test of the write");
                  says.expect(said.find("bystander") == std::string::npos, said);
              }) == "");
    }
}

TEST_CASE("settings that only C sets are undone and blamed on nobody else") {
    for (const mode each : modes) {
        CHECK(wrong_in([each](witness& says) {
                  auto engine = opened(shop(), says);
                  test(engine, "culprit", each, [&] {
                      sqlite3_wal_autocheckpoint(engine.db().getHandle(), 7);
                      sqlite3_soft_heap_limit64(900000000);
                  });
                  for (const mode next : modes) {
                      const std::string said = test(engine, "innocent", next, [&] {
                          engine.db().exec("CREATE TEMP TABLE x(a)");
                      });
                      says.expect(said.find("wal_autocheckpoint") == std::string::npos &&
                                      said.find("soft_heap_limit") == std::string::npos,
                                  said);
                  }
                  innocent(engine, says, mode::copy_on_write, [&] {
                      engine.db().exec("PRAGMA cache_size = -2000");
                      sqlite3_soft_heap_limit64(0);
                  });
              }) == "");
    }
}

TEST_CASE("an authorizer and a trace of on_connect work on every connection") {
    CHECK(wrong_in([](witness& says) {
              static int traces = 0;
              const auto seed = shop().on_connect([](SQLite::Database& db) {
                  sqlite3_set_authorizer(
                      db.getHandle(),
                      [](void*, int action, const char*, const char*, const char*, const char*) {
                          return action == SQLITE_DELETE ? SQLITE_DENY : SQLITE_OK;
                      },
                      nullptr);
                  sqlite3_trace_v2(
                      db.getHandle(), SQLITE_TRACE_STMT,
                      [](unsigned, void*, void*, void*) { return ++traces, 0; }, nullptr);
              });
              auto engine = opened(seed, says);
              for (int i = 0; i < 2; ++i) {
                  for (const mode each : modes) {
                      innocent(engine, says, each, [&] {
                          auto other = engine.connect();
                          for (sqlite3* const db : {engine.db().getHandle(), other->getHandle()}) {
                              traces = 0;
                              says.expect_equal(answer(db, "DELETE FROM t"),
                                                "error 23: not authorized", "a DELETE");
                              says.expect_equal(answer(db, "SELECT 1"), "1; ", "a SELECT");
                              says.expect(traces > 0, "nothing was traced");
                          }
                      });
                  }
                  const std::string said = test(engine, "culprit", mode::rollback, [&] {
                      engine.db().exec("PRAGMA cache_size = 7; CREATE TEMP TABLE x(a);"
                                       "PRAGMA query_only = ON");
                  });
                  says.expect_words(said, {"cache_size", "query_only"}, "the culprit");
                  says.expect_equal(answer(engine.db().getHandle(), "PRAGMA cache_size"), "-2000; ",
                                    "what is left of it");
              }
          }) == "");
}

TEST_CASE("a function that a test set on db() is gone after a replacement, and named once used") {
    for (const mode each : modes) {
        CHECK(wrong_in([each](witness& says) {
                  auto engine = opened(shop(), says);
                  std::string said;
                  const std::string warned = written_to_stderr([&] {
                      said = test(engine, "culprit", each, [&] {
                          sqlite3_create_function(engine.db().getHandle(), "run", 1, SQLITE_UTF8,
                                                  nullptr, run_by_function, nullptr, nullptr);
                          engine.db().exec("SELECT run('SELECT 1'); PRAGMA cache_size = 7");
                      });
                  });
                  says.expect_words(said, {"cache_size"}, "the culprit");
                  says.expect_words(said + warned, {"run", "on_connect"}, "somebody");
                  innocent(engine, says, mode::rollback, [&] {
                      says.expect_equal(answer(engine.db().getHandle(), "SELECT run('SELECT 1')"),
                                        "error 1: no such function: run", "the function");
                  });
              }) == "");
    }
}

TEST_CASE("after a test with DDL a kept statement is prepared again once") {
    CHECK(wrong_in([](witness& says) {
              auto engine = opened(shop(), says);
              const std::string sql = "SELECT count(*) FROM t";
              const auto prepared_again = [&] {
                  static_cast<void>(engine.value<int>(sql));
                  int times = 0;
                  sqlite3_stmt* each = nullptr;
                  while ((each = sqlite3_next_stmt(engine.db().getHandle(), each)) != nullptr) {
                      const char* const text = sqlite3_sql(each);
                      times += text && text == sql
                                   ? sqlite3_stmt_status(each, SQLITE_STMTSTATUS_REPREPARE, 1)
                                   : 0;
                  }
                  return times;
              };
              innocent(engine, says, mode::rollback, [&] { prepared_again(); });
              for (int i = 0; i < 3; ++i) {
                  innocent(engine, says, mode::rollback,
                           [&] { engine.db().exec("CREATE TABLE n(a)"); });
                  innocent(engine, says, mode::rollback,
                           [&] { says.expect(prepared_again() <= 1, "more than once"); });
              }
          }) == "");
}
