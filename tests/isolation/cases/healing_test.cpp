#include "story.hpp"
#include "view.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <stdexcept>
#include <string>

// Whatever happens, the session ends and the next test is pristine.

using isolite::mode;

namespace {

/// A copy of another database, in memory that SQLite frees.
unsigned char* dump_of_another(sqlite3_int64& size) {
    sqlite3* other = nullptr;
    sqlite3_open(":memory:", &other);
    static_cast<void>(answer(other, "CREATE TABLE t(id INTEGER PRIMARY KEY, v);"
                                    "INSERT INTO t VALUES (99, 'from a dump')"));
    unsigned char* const copy = sqlite3_serialize(other, "main", &size, 0);
    sqlite3_close(other);
    return copy;
}

void deserialize(sqlite3* into, const char* schema) {
    sqlite3_int64 size = 0;
    unsigned char* const copy = dump_of_another(size);
    sqlite3_deserialize(into, schema, copy, size, size,
                        SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
}

void restore_from_backup(sqlite3* into, const char* schema, bool finishes) {
    sqlite3* other = nullptr;
    sqlite3_open(":memory:", &other);
    static_cast<void>(answer(other, "CREATE TABLE t(id INTEGER PRIMARY KEY, v);"
                                    "INSERT INTO t VALUES (99, hex(zeroblob(9000)))"));
    sqlite3_backup* const backup = sqlite3_backup_init(into, schema, other, "main");
    sqlite3_backup_step(backup, finishes ? -1 : 1);
    if (finishes) {
        sqlite3_backup_finish(backup);
        sqlite3_close(other);
    }
}

/// Returns what is said of the tests that follow: the next must see and leave what they do alone.
void expect_usual_tests(isolite::engine& engine, const pristine& as_new, witness& says) {
    as_new.expect(engine, says);
    const std::string leak = test(engine, "a leaking one", mode::rollback, [&] {
        static_cast<void>(
            answer(engine.db().getHandle(),
                   "INSERT INTO t VALUES (50, 'committed'); COMMIT;"
                   "PRAGMA recursive_triggers = 1; CREATE TEMP TABLE left_behind(a)"));
    });
    says.expect_words(leak, {"committed changes", "recursive_triggers", "left_behind"},
                      "the leaking one");
    as_new.expect(engine, says);
}

} // namespace

TEST_CASE("a database that is detached and locked by another connection comes back") {
    const pristine as_new(audited_shop());
    for (const char* const locks : {"BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"}) {
        for (const mode each : modes) {
            CHECK(wrong_in([&](witness& says) {
                      auto engine = opened(audited_shop(), says);
                      sqlite3* other = nullptr;
                      const std::string said = test(engine, "culprit", each, [&] {
                          static_cast<void>(answer(engine.db().getHandle(), "DETACH audit"));
                          sqlite3_open_v2(engine.uri("audit")->c_str(), &other,
                                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI, nullptr);
                          static_cast<void>(answer(other, locks));
                      });
                      says.expect_words(said, {"another connection"}, "the culprit");
                      says.expect(said.find("threw") == std::string::npos, said);
                      expect_usual_tests(engine, as_new, says);
                      sqlite3_close(other);
                      expect_usual_tests(engine, as_new, says);
                  }) == "");
        }
    }
}

TEST_CASE("a limit that keeps databases from being attached does not keep the session open") {
    const pristine as_new(audited_shop());
    for (const mode each : modes) {
        CHECK(wrong_in([&](witness& says) {
                  auto engine = opened(audited_shop(), says);
                  const std::string said = test(engine, "culprit", each, [&] {
                      static_cast<void>(answer(engine.db().getHandle(), "DETACH audit"));
                      sqlite3_limit(engine.db().getHandle(), SQLITE_LIMIT_ATTACHED, 0);
                  });
                  says.expect(said.find("threw") == std::string::npos, said);
                  if (each == mode::copy_on_write) {
                      says.expect_words(said, {"audit"}, "the culprit");
                  }
                  expect_usual_tests(engine, as_new, says);
              }) == "");
    }
}

TEST_CASE("a session that is destroyed while healing fails lets the next test open") {
    const pristine as_new(audited_shop());
    CHECK(wrong_in([&](witness& says) {
              auto engine = opened(audited_shop(), says);
              sqlite3* other = nullptr;
              {
                  auto lost = isolite::session::open(engine, "lost", mode::copy_on_write);
                  engine.db().exec("DETACH audit");
                  sqlite3_limit(engine.db().getHandle(), SQLITE_LIMIT_ATTACHED, 0);
                  sqlite3_open_v2(engine.uri("audit")->c_str(), &other,
                                  SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI, nullptr);
                  static_cast<void>(answer(other, "BEGIN EXCLUSIVE"));
              }
              expect_usual_tests(engine, as_new, says);
          }) == "");
}

TEST_CASE("sqlite3_deserialize is named and undone") {
    for (const char* const schema : {"main", "audit"}) {
        for (const bool is_busy : {false, true}) {
            CAPTURE(std::string(schema));
            story told{audited_shop("CREATE VIRTUAL TABLE ft USING fts5(x);"
                                    "INSERT INTO ft VALUES ('hello');")};
            told.act = [=](stage& at) {
                at.attempt(is_busy ? "INSERT INTO t(v) VALUES ('x'); SELECT * FROM audit.entries"
                                   : "SELECT 1");
                deserialize(at.db(), schema);
            };
            told.in_rollback = either(); // refused in a transaction
            told.in_copy_on_write =
                fails({"sqlite3_deserialize", schema == std::string("main") ? "'shop'" : "audit"});
            told.then += ";SELECT * FROM ft WHERE ft MATCH 'hello'; SELECT * FROM audit.entries";
            CHECK(wrong_in(told) == "");
        }
    }
}

TEST_CASE("what a test writes to a deserialized database leaves with it") {
    story told{audited_shop()};
    told.act = [](stage& at) {
        deserialize(at.db(), "main");
        at.attempt("INSERT INTO t VALUES (6, 'LEAK'); CREATE TABLE phantom(a)");
    };
    told.in_rollback = told.in_copy_on_write = fails({"sqlite3_deserialize"});
    CHECK(wrong_in(told) == "");
}

TEST_CASE("a backup into the database is undone") {
    for (const char* const schema : {"main", "audit", "temp"}) {
        for (const bool finishes : {false, true}) {
            CAPTURE(std::string(schema));
            CAPTURE(finishes);
            story told{audited_shop()};
            told.act = [=](stage& at) { restore_from_backup(at.db(), schema, finishes); };
            told.in_rollback = told.in_copy_on_write = either();
            CHECK(wrong_in(told) == "");
        }
    }
}

TEST_CASE("a backup into the database that is left unfinished is named") {
    for (const std::string more : {"", in_wal}) {
        for (const char* const schema : {"main", "audit"}) {
            CAPTURE(more);
            CAPTURE(std::string(schema));
            story told{audited_shop(more)};
            told.act = [=](stage& at) { restore_from_backup(at.db(), schema, false); };
            told.in_rollback = told.in_copy_on_write =
                fails({"it left a backup into its database unfinished"});
            CHECK(wrong_in(told) == "");
        }
    }
}

TEST_CASE("a backup that is finished or given up while its test runs is no unfinished one") {
    for (const std::string more : {"", in_wal}) {
        CAPTURE(more);
        story told{audited_shop(more)};
        told.act = [](stage& at) {
            SQLite::Database other(":memory:", SQLite::OPEN_READWRITE);
            other.exec("CREATE TABLE t(id INTEGER PRIMARY KEY, v);"
                       "INSERT INTO t VALUES (99, hex(zeroblob(9000)))");
            sqlite3_backup* const given_up =
                sqlite3_backup_init(at.db(), "main", other.getHandle(), "main");
            sqlite3_backup_step(given_up, 1);
            sqlite3_backup_finish(given_up);
            at.attempt("INSERT INTO lg VALUES ('written after that')");
            sqlite3_db_cacheflush(at.db());
        };
        told.in_rollback = verdict{verdict::kind::either, {}, {"unfinished"}};
        told.in_copy_on_write = told.in_rollback;
        CHECK(wrong_in(told) == "");
    }
}

TEST_CASE("a rollback hook of a test is not called after the test") {
    for (const mode each : modes) {
        CHECK(wrong_in([each](witness& says) {
                  auto engine = opened(shop(), says);
                  bool is_over = false;
                  struct context {
                      bool* is_over;
                      witness* says;
                  } of{&is_over, &says};
                  auto session = isolite::session::open(engine, "culprit", each);
                  engine.db().exec("INSERT INTO t(v) VALUES ('x')");
                  const auto object = [](void* given) {
                      const auto* const to = static_cast<context*>(given);
                      to->says->expect(!*to->is_over, "a hook was called after the test");
                  };
                  sqlite3* const db = engine.db().getHandle();
                  sqlite3_rollback_hook(db, object, &of);
                  sqlite3_commit_hook(
                      db,
                      [](void* given) {
                          const auto* const to = static_cast<context*>(given);
                          to->says->expect(!*to->is_over, "a hook was called after the test");
                          return 0;
                      },
                      &of);
                  sqlite3_update_hook(
                      db,
                      [](void* given, int, const char*, const char*, sqlite3_int64) {
                          const auto* const to = static_cast<context*>(given);
                          to->says->expect(!*to->is_over, "a hook was called after the test");
                      },
                      &of);
                  is_over = true;
                  static_cast<void>(session->close());
              }) == "");
    }
}

TEST_CASE("a rollback hook that throws does not end the process") {
    const pristine as_new(shop());
    CHECK(wrong_in([&](witness& says) {
              auto engine = opened(shop(), says);
              test(engine, "culprit", mode::rollback, [&] {
                  sqlite3_rollback_hook(
                      engine.db().getHandle(),
                      [](void*) { throw std::runtime_error("the hook outlived the test"); },
                      nullptr);
              });
              as_new.expect(engine, says);
          }) == "");
}

TEST_CASE("a step of on_connect that throws later is an error of the next session") {
    for (const mode each : modes) {
        CHECK(wrong_in([each](witness& says) {
                  bool throws = false;
                  auto engine = opened(shop().on_connect([&throws](SQLite::Database& db) {
                      if (throws) {
                          throw std::runtime_error("no more licences");
                      }
                      db.exec("PRAGMA recursive_triggers = ON");
                  }),
                                       says);
                  throws = true;
                  for (const char* const name : {"culprit", "second culprit"}) {
                      // What it leaves needs a new connection.
                      const std::string said = test(engine, name, each, [&] {
                          engine.db().exec("PRAGMA cache_size = 5; CREATE TEMP TABLE x(a)");
                      });
                      if (said.find("does not open") == std::string::npos) {
                          says.expect_words(said, {"cache_size"}, name);
                      }
                      const std::string next = test(engine, "next", mode::rollback, [&] {
                          const std::string seen =
                              answer(engine.db().getHandle(), "PRAGMA cache_size; SELECT count(*) "
                                                              "FROM sqlite_temp_schema;"
                                                              "PRAGMA recursive_triggers");
                          says.expect_equal(seen, "-2000; 0; 1; ", "the next test's view");
                      });
                      says.expect(next.empty() ||
                                      next.find("no more licences") != std::string::npos,
                                  "the next: " + next);
                  }
                  throws = false;
                  innocent(engine, says, mode::rollback, [&] {
                      says.expect_equal(answer(engine.db().getHandle(),
                                               "PRAGMA recursive_triggers; PRAGMA cache_size;"
                                               "SELECT count(*) FROM t"),
                                        "1; -2000; 3; ", "when it works again");
                  });
              }) == "");
    }
}

TEST_CASE("the settings of a connection are known also when on_connect works only once") {
    CHECK(wrong_in([](witness& says) {
              int calls = 0;
              auto engine = opened(shop().on_connect([&calls](SQLite::Database&) {
                  if (calls++ > 0) {
                      throw std::runtime_error("only once");
                  }
              }),
                                   says);
              const std::string said = test(engine, "culprit", mode::copy_on_write, [&] {
                  engine.db().exec("PRAGMA cache_size = 5; PRAGMA recursive_triggers = 1");
              });
              says.expect_words(said, {"cache_size", "recursive_triggers"}, "the culprit");
          }) == "");
}
