#include "story.hpp"
#include "view.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <vector>

// Everything that is not `main`: TEMP objects, databases that on_connect or a suite attached, and
// those of the seed, under any name.

namespace {

const std::string temp_objects =
    "CREATE TEMP TABLE cache(k, v); CREATE TEMP VIEW tv AS SELECT k FROM cache;"
    "INSERT INTO cache VALUES (0, 'kept');"
    "CREATE TEMP TABLE copies(m); CREATE TEMP TRIGGER tt AFTER INSERT ON main.lg BEGIN "
    "INSERT INTO copies VALUES (NEW.m); END;";

const std::vector<const char*> changes_of_temp = {
    "INSERT INTO cache VALUES (1, 'LEAK')",
    "UPDATE cache SET v = 'LEAK'",
    "DELETE FROM cache",
    "INSERT INTO lg VALUES ('LEAK by the trigger')",
    "DROP VIEW tv",
    "DROP TABLE cache",
    "DROP TRIGGER tt",
    "CREATE UNIQUE INDEX temp.ci ON cache(k)",
    "ALTER TABLE cache ADD COLUMN phantom",
    "ALTER TABLE cache RENAME TO renamed",
    "DROP VIEW tv; CREATE TEMP VIEW tv AS SELECT 1, 2",
    "CREATE TEMP TRIGGER more AFTER INSERT ON cache BEGIN DELETE FROM cache; END",
    "SAVEPOINT s; DELETE FROM cache; RELEASE s",
    "DROP TABLE cache; CREATE TEMP TABLE cache(k, v); INSERT INTO cache VALUES (0, 'other')",
};

const char* const use_of_temp =
    "SELECT * FROM cache; INSERT INTO cache VALUES (1, 2); INSERT INTO cache VALUES (1, 2);"
    "SELECT count(*) FROM cache; INSERT INTO lg VALUES ('n'); SELECT * FROM copies;"
    "SELECT * FROM tv";

story followed_by(const isolite::seed& seed, const std::string& sql, const std::string& then) {
    story told{seed, sql};
    told.may_fail = true;
    told.in_rollback = told.in_copy_on_write = either();
    told.then = then;
    return told;
}

isolite::seed prepared_by(const std::string& sql) {
    return audited_shop().on_connect([sql](SQLite::Database& db) { db.exec(sql); });
}

/// A story inside a suite, which prepares the connection and tidies up.
story in_a_suite(const char* begin, const char* end, const std::string& sql,
                 const std::string& then) {
    story told = followed_by(audited_shop(), sql, then);
    told.outside = false;
    told.suite = [begin](stage& at) { at.run(begin); };
    told.suite_end = [end](stage& at) { at.run(end); };
    return told;
}

} // namespace

TEST_CASE("TEMP objects of on_connect are as it made them") {
    for (const char* const sql : changes_of_temp) {
        CAPTURE(std::string(sql));
        CHECK(wrong_in(followed_by(prepared_by(temp_objects), sql, use_of_temp)) == "");
    }
}

TEST_CASE("TEMP objects of a suite are as it left them") {
    const char* const tidy = "DROP TRIGGER tt; DROP TABLE copies; DROP VIEW tv; DROP TABLE cache";
    for (const char* const sql : changes_of_temp) {
        CAPTURE(std::string(sql));
        CHECK(wrong_in(in_a_suite(temp_objects.c_str(), tidy, sql, use_of_temp)) == "");
    }
}

TEST_CASE("reading TEMP objects is nobody's leak") {
    story told{prepared_by(temp_objects),
               "SELECT * FROM cache, tv; SELECT * FROM sqlite_temp_schema"};
    told.then = use_of_temp;
    CHECK(wrong_in(told) == "");
}

TEST_CASE("what a suite set on its connection holds for every test in it") {
    for (const char* const sql :
         {"PRAGMA cache_size = 7", "CREATE TEMP TABLE x(a)", "PRAGMA recursive_triggers = OFF",
          "PRAGMA audit.cache_size = 8", "ANALYZE", "CREATE TABLE phantom(a)"}) {
        CAPTURE(std::string(sql));
        CHECK(
            wrong_in(in_a_suite("PRAGMA recursive_triggers = ON; PRAGMA audit.cache_size = 5;"
                                "INSERT INTO t VALUES (40, 'of the suite')",
                                "PRAGMA recursive_triggers = OFF; PRAGMA audit.cache_size = -2000",
                                sql, "SELECT last_insert_rowid(); SELECT * FROM t")) == "");
    }
}

TEST_CASE("a database in memory that on_connect attached is as it made it") {
    const std::string attaches = "ATTACH ':memory:' AS scratch; CREATE TABLE scratch.s(x);"
                                 "INSERT INTO scratch.s VALUES ('kept')";
    for (const char* const sql :
         {"INSERT INTO scratch.s VALUES ('LEAK')", "DELETE FROM scratch.s",
          "ALTER TABLE scratch.s ADD COLUMN phantom", "CREATE TABLE scratch.more(a)",
          "DROP TABLE scratch.s", "DETACH scratch", "PRAGMA scratch.user_version = 8",
          "DETACH scratch; ATTACH ':memory:' AS scratch; CREATE TABLE scratch.s(x)"}) {
        CAPTURE(std::string(sql));
        CHECK(wrong_in(followed_by(prepared_by(attaches), sql,
                                   "SELECT * FROM scratch.s;"
                                   "PRAGMA scratch.user_version; SELECT * FROM scratch.more")) ==
              "");
    }
}

TEST_CASE("a file that on_connect attached is refused in words or kept pristine") {
    for (const isolite::mode each : modes) {
        CHECK(wrong_in([each](witness& says) {
                  const auto seed = shop().on_connect([](SQLite::Database& db) {
                      db.exec("ATTACH 'archive.db' AS f; CREATE TABLE IF NOT EXISTS f.a(x)");
                  });
                  auto engine = isolite::engine::open(seed);
                  if (!engine) {
                      return says.expect_words(engine.error().text(), {"archive.db", "attach"},
                                               "the refusal");
                  }
                  test(*engine, "culprit", each, [&] {
                      static_cast<void>(answer(engine->db().getHandle(),
                                               "INSERT INTO f.a VALUES ('LEAK'); COMMIT"));
                  });
                  innocent(*engine, says, isolite::mode::rollback, [&] {
                      says.expect_equal(answer(engine->db().getHandle(), "SELECT * FROM f.a"), "",
                                        "the next test's table");
                  });
              }) == "");
    }
}

TEST_CASE("a database that a suite attached is kept pristine or the test is told why not") {
    for (const char* const name : {":memory:", "archive.db"}) {
        for (const isolite::mode each : modes) {
            for (const bool by_another : {false, true}) {
                CAPTURE(std::string(name));
                CAPTURE(by_another);
                CHECK(wrong_in([&](witness& says) {
                          auto engine = opened(shop(), says);
                          auto suite = isolite::session::open(engine, "the suite",
                                                              isolite::mode::copy_on_write);
                          engine.db().exec(std::string("ATTACH '") + name +
                                           "' AS f;"
                                           "CREATE TABLE f.a(x); INSERT INTO f.a VALUES ('kept')");
                          const std::string said = test(engine, "culprit", each, [&] {
                              if (by_another) {
                                  auto other = engine.connect();
                                  other->exec(std::string("ATTACH '") + name + "' AS f");
                                  static_cast<void>(answer(other->getHandle(),
                                                           "INSERT INTO f.a VALUES ('LEAK')"));
                              } else {
                                  static_cast<void>(answer(engine.db().getHandle(),
                                                           "INSERT INTO f.a VALUES ('LEAK');"
                                                           "COMMIT"));
                              }
                          });
                          const std::string next =
                              test(engine, "innocent", isolite::mode::rollback, [&] {
                                  const std::string rows =
                                      answer(engine.db().getHandle(), "SELECT * FROM f.a");
                                  says.expect(rows == "kept; ", "the next test sees " + rows);
                              });
                          says.expect(next.empty() ||
                                          (!said.empty() &&
                                           next.find("'culprit' changed") != std::string::npos),
                                      "the next: " + next);
                          static_cast<void>(answer(engine.db().getHandle(), "DETACH f"));
                          static_cast<void>(suite->close());
                      }) == "");
            }
        }
    }
}

TEST_CASE("a test that only reads what a suite attached passes") {
    for (const char* const name : {":memory:", "archive.db"}) {
        CHECK(wrong_in([&](witness& says) {
                  auto engine = opened(shop(), says);
                  auto suite =
                      isolite::session::open(engine, "the suite", isolite::mode::copy_on_write);
                  engine.db().exec(std::string("ATTACH '") + name +
                                   "' AS f; CREATE TABLE f.a(x); INSERT INTO f.a VALUES ('kept')");
                  for (const isolite::mode each : modes) {
                      innocent(engine, says, each, [&] {
                          says.expect_equal(answer(engine.db().getHandle(), "SELECT * FROM f.a"),
                                            "kept; ", "the suite's table");
                          engine.db().exec("INSERT INTO t(v) VALUES ('x')");
                      });
                  }
                  engine.db().exec("DETACH f");
                  const auto closed = suite->close();
                  says.expect(closed.has_value(), closed ? "" : closed.error().text());
              }) == "");
    }
}

TEST_CASE("a cursor that a suite keeps open is not reset for what a test does") {
    for (const isolite::mode each : modes) {
        for (const bool unusual : {false, true}) {
            CHECK(wrong_in([&](witness& says) {
                      auto engine = opened(shop(), says);
                      auto suite =
                          isolite::session::open(engine, "the suite", isolite::mode::copy_on_write);
                      SQLite::Statement cursor(engine.db(), "SELECT id FROM t ORDER BY id");
                      cursor.executeStep();
                      innocent(
                          engine, says, each, [] {}, "bystander");
                      const std::string said = test(engine, "culprit", each, [&] {
                          if (unusual) {
                              engine.db().exec("PRAGMA cache_size = 7");
                          }
                      });
                      says.expect(unusual != said.empty(), "the culprit: " + said);
                      if (unusual) {
                          says.expect_words(said, {"cache_size"}, "the culprit");
                      } else {
                          says.expect(cursor.executeStep() && cursor.getColumn(0).getInt() == 2,
                                      "the suite's cursor was moved");
                      }
                      cursor.tryReset();
                      if (unusual) { // the suite goes on with no further test, rather than so
                          const std::string next = test(engine, "the next", each, [] {});
                          says.expect_words(next, {"'culprit' changed the connection"}, "the next");
                      } else {
                          innocent(
                              engine, says, each, [] {}, "the next");
                      }
                  }) == "");
        }
    }
}

TEST_CASE("any name of a seed works or is refused in words") {
    for (const char* const name :
         {"sales-journal", "sales-wal", "sales-shm", "daily journal", "-journal", "a/b", "a%20b",
          "a?b", "a#b", "it's", ":memory:", "file:x", "", "sales-mj0123"}) {
        CAPTURE(std::string(name));
        CHECK(wrong_in([name](witness& says) {
                  auto sales = opened(shop("", "sales"), says);
                  auto other = isolite::engine::open(shop("", name));
                  if (!other) {
                      return says.expect(other.error().message.size() > 10, "no words");
                  }
                  for (const isolite::mode each : modes) {
                      for (const char* const round : {"first", "second"}) {
                          innocent(
                              *other, says, each,
                              [&] {
                                  innocent(sales, says, each, [&] {
                                      sales.db().exec("INSERT INTO t VALUES (9, 'sales')");
                                      other->db().exec("INSERT INTO t VALUES (8, 'other')");
                                      says.expect_equal(
                                          answer(sales.db().getHandle(), "SELECT id FROM t"),
                                          "1; 2; 3; 9; ", "sales");
                                      says.expect_equal(
                                          answer(other->db().getHandle(), "SELECT id FROM t"),
                                          "1; 2; 3; 8; ", "the other");
                                  });
                              },
                              round);
                      }
                  }
              }) == "");
    }
}

TEST_CASE("a file that a test makes is gone after it whatever its name is") {
    for (const char* const name : {"daily", "daily-journal", "daily-wal", "daily-shm",
                                   "shop-journal", "a journal", "daily.db-journal-journal"}) {
        for (const bool detaches : {false, true}) {
            CAPTURE(std::string(name));
            story told = followed_by(shop(), "", "");
            told.act = [=](stage& at) {
                at.attempt(std::string("ATTACH '") + name +
                           "' AS j; CREATE TABLE j.x(a);"
                           "INSERT INTO j.x VALUES (1)");
                if (detaches) {
                    at.attempt("DETACH j");
                }
            };
            told.then = std::string("ATTACH '") + name + "' AS j; SELECT * FROM j.x";
            story next = told;
            next.then = "SELECT 1";
            CHECK(wrong_in(next) == "");
            CHECK(wrong_in([&](witness& says) {
                      auto engine = opened(shop(), says);
                      test(engine, "culprit", isolite::mode::copy_on_write, [&] {
                          stage at{engine, isolite::mode::copy_on_write, says};
                          told.act(at);
                      });
                      test(engine, "next", isolite::mode::copy_on_write, [&] {
                          says.expect_equal(answer(engine.db().getHandle(), told.then),
                                            "error 1: no such table: j.x", "the next test's view");
                      });
                      says.expect(!std::filesystem::exists(name), "it is on the disk");
                  }) == "");
        }
    }
}

TEST_CASE("databases of the seed that a test detached come back in their order") {
    const auto seed = shop()
                          .attach("b", isolite::seed("b").sql("CREATE TABLE shared(x);"
                                                              "INSERT INTO shared VALUES ('b')"))
                          .attach("a", isolite::seed("a").sql("CREATE TABLE shared(x);"
                                                              "INSERT INTO shared VALUES ('a')"));
    const char* const use = "SELECT x FROM shared; PRAGMA database_list";
    for (const char* const sql :
         {"DETACH b", "DETACH a", "DETACH a; DETACH b", "DETACH b; ATTACH ':memory:' AS b",
          "DETACH a; DETACH b; ATTACH 'b' AS a"}) {
        CAPTURE(std::string(sql));
        story told = followed_by(seed, sql, use);
        const bool swaps = std::string(sql).find("ATTACH ':memory:'") != std::string::npos;
        told.in_copy_on_write = fails({swaps ? "put something else in the place of the database 'b'"
                                             : "detached the database '"});
        CHECK(wrong_in(told) == "");
    }
    const auto again = [](const char* swap) {
        return [swap](stage& at) {
            if (at.mode == isolite::mode::rollback) {
                return;
            }
            const std::string uri = *at.engine.uri("b");
            at.run("PRAGMA b.cache_size = 9; DETACH b; ATTACH '" + uri + "' AS b" + swap);
        };
    };
    story told = followed_by(seed, "", use);
    told.act = again("");
    CHECK(wrong_in(told) == "");
}
