#include "story.hpp"
#include "view.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <unistd.h>

// More of the list "What isolite cannot see" of docs/fixtures.md: what takes several connections,
// or more than one test, to see it.

using isolite::mode;
using isolite::seed;

namespace {

int calls_heard = 0;

} // namespace

TEST_CASE("a trace hook that a test sets ends with it") {
    for (const mode each : modes) {
        CHECK(wrong_in([each](witness& says) {
                  auto engine = opened(shop(), says);
                  calls_heard = 0;
                  innocent(engine, says, each, [&] {
                      sqlite3_trace_v2(
                          engine.db().getHandle(), SQLITE_TRACE_STMT | SQLITE_TRACE_ROW,
                          [](unsigned, void*, void*, void*) { return ++calls_heard; }, nullptr);
                      engine.db().exec("SELECT 1");
                      says.expect(calls_heard > 0, "the hook was not called");
                  });
                  calls_heard = 0;
                  innocent(engine, says, each, [&] { engine.db().exec("SELECT 1"); });
                  says.expect(calls_heard == 0, "the hook was called in the next test");
              }) == "");
    }
}

TEST_CASE("what PRAGMA optimize decides depends on the queries of earlier tests") {
    const seed big =
        shop("CREATE TABLE big(a, b); CREATE INDEX by_a ON big(a);"
             "CREATE INDEX by_b ON big(b);"
             "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 9000)"
             "INSERT INTO big SELECT i % 7, i FROM n;");
    const bool is_ready_to_analyse = sqlite3_libversion_number() >= 3046000; // whoever asked what
    const char* const optimize =
        "PRAGMA optimize; SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'";
    for (const bool is_first : {true, false}) {
        CHECK(wrong_in([&](witness& says) {
                  auto engine = opened(big, says);
                  if (!is_first) {
                      innocent(engine, says, mode::rollback, [&] {
                          engine.db().exec("SELECT * FROM big WHERE a = 1 AND b > 3");
                      });
                  }
                  innocent(engine, says, mode::rollback, [&] {
                      says.expect_equal(answer(engine.db().getHandle(), optimize),
                                        is_first && !is_ready_to_analyse ? "0; " : "1; ",
                                        "what is optimized");
                  });
              }) == "");
    }
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

TEST_CASE("WAL mode stays as long as a connection holds it that was there before all tests") {
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

TEST_CASE("WAL mode goes with its test if a connection holds it that an earlier test left") {
    for (const mode each : modes) {
        CHECK(wrong_in([each](witness& says) {
                  auto engine = opened(shop(), says);
                  std::optional<SQLite::Database> left;
                  innocent(
                      engine, says, each, [&] { left.emplace(std::move(*engine.connect())); },
                      "the opener");
                  const std::string said = test(engine, "culprit", each, [&] {
                      left->exec("PRAGMA journal_mode = WAL; SELECT * FROM t");
                  });
                  says.expect_words(said, {"holds the database in WAL mode"}, "the culprit");
                  innocent(engine, says, each, [&] {
                      says.expect_equal(answer(engine.db().getHandle(), "PRAGMA journal_mode"),
                                        "truncate; ", "the journal mode");
                  });
                  says.expect_words(answer(left->getHandle(), "SELECT count(*) FROM t"),
                                    {"disk I/O error"}, "the connection that was left");
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
              calls_heard = 0;
              innocent(engine, says, mode::rollback, [&] {
                  sqlite3_commit_hook(
                      engine.db().getHandle(), [](void*) { return ++calls_heard; }, nullptr);
                  engine.db().exec("INSERT INTO lg VALUES (1); SAVEPOINT s; RELEASE s");
              });
              says.expect(calls_heard == 0, "the hook was called");
          }) == "");
}

TEST_CASE("nobody makes an ordinary file by the name of the database") {
    for (const mode each : modes) {
        CHECK(wrong_in([each](witness& says) {
                  const auto home = std::filesystem::temp_directory_path() /
                                    ("isolite-cases-" + std::to_string(::getpid()));
                  std::filesystem::create_directory(home);
                  std::filesystem::current_path(home);
                  auto engine = opened(shop(), says);
                  innocent(engine, says, each, [&] {
                      const std::string name = sqlite3_db_filename(engine.db().getHandle(), "main");
                      sqlite3* other = nullptr;
                      const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
                      for (const char* const vfs : {static_cast<const char*>(nullptr), "isolite"}) {
                          says.expect(sqlite3_open_v2(name.c_str(), &other, flags, vfs) ==
                                          SQLITE_OK,
                                      "it is not opened");
                          says.expect_equal(answer(other, "SELECT count(*) FROM t"), "3; ",
                                            "its rows");
                          sqlite3_close(other);
                      }
                  });
                  says.expect(std::filesystem::is_empty(home), "there is a file");
                  std::filesystem::current_path("/");
                  std::filesystem::remove_all(home);
              }) == "");
    }
}

TEST_CASE("under an authorizer of on_connect some PRAGMAs are undone and not told of") {
    const auto allow = [](void*, int, const char*, const char*, const char*, const char*) {
        return SQLITE_OK;
    };
    const seed watched = audited_shop().on_connect(
        [allow](SQLite::Database& db) { sqlite3_set_authorizer(db.getHandle(), allow, nullptr); });
    for (const mode each : modes) {
        for (const char* const pragma :
             {"PRAGMA audit.cache_size", "PRAGMA locking_mode", "PRAGMA temp_store"}) {
            CAPTURE(std::string(pragma));
            CHECK(wrong_in([&](witness& says) {
                      auto engine = opened(watched, says);
                      const std::string before = answer(engine.db().getHandle(), pragma);
                      const bool is_mode = std::string(pragma).find("mode") != std::string::npos;
                      const std::string set =
                          pragma + std::string(is_mode ? " = EXCLUSIVE" : " = 2");
                      innocent(engine, says, each, [&] {
                          static_cast<void>(answer(engine.db().getHandle(), set.c_str()));
                      });
                      innocent(engine, says, each, [&] {
                          says.expect_equal(answer(engine.db().getHandle(), pragma), before,
                                            "what is left of it");
                      });
                  }) == "");
        }
    }
}
