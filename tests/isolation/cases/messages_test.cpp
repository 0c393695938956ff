#include "story.hpp"
#include "view.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <string>
#include <vector>

// Sentences that were once wrong.

using isolite::mode;

namespace {

/// Returns what is said of a test of mode `rollback` that does this alone on a new engine.
std::string said_of(witness& says, const std::string& sql, const std::string& more = "",
                    mode each = mode::rollback) {
    auto engine = opened(shop(more), says);
    return test(engine, "orders/first", each,
                [&] { static_cast<void>(answer(engine.db().getHandle(), sql)); });
}

void expect_said(const std::string& sql, const std::vector<std::string>& words,
                 const std::vector<std::string>& never, const std::string& more = "") {
    CAPTURE(sql);
    CHECK(wrong_in([&](witness& says) {
              const std::string said = said_of(says, sql, more);
              says.expect_words(said, words, "it");
              for (const std::string& each : never) {
                  says.expect(said.find(each) == std::string::npos,
                              "it says \"" + each + "\": " + said);
              }
          }) == "");
}

} // namespace

TEST_CASE("each sentence tells what happened") {
    const std::string keys = "CREATE TABLE p(id INTEGER PRIMARY KEY);"
                             "CREATE TABLE c(p REFERENCES p DEFERRABLE INITIALLY DEFERRED);";
    expect_said("INSERT INTO c VALUES (5); COMMIT", {"'c' (p=5)"}, {"it committed"}, keys);
    CHECK(wrong_in([&](witness& says) {
              auto engine = opened(shop(keys), says);
              const std::string said = test(engine, "orders/first", mode::rollback, [&] {
                  for (const char* const sql : {"INSERT INTO c VALUES (5)", "COMMIT",
                                                "INSERT OR ROLLBACK INTO t VALUES (1, 'dup')",
                                                "INSERT INTO t VALUES (70, 'y')"}) {
                      static_cast<void>(answer(engine.db().getHandle(), sql));
                  }
              });
              says.expect_words(said, {"committed changes", "a conflict (ON CONFLICT ROLLBACK"},
                                "a conflict after a COMMIT that failed");
              says.expect(said.find("after \"COMMIT\"") == std::string::npos, said);
          }) == "");
    expect_said("ROLLBACK; INSERT INTO lg VALUES (2); SAVEPOINT s",
                {"committed changes", "after \"ROLLBACK\" had ended the sandbox's transaction"},
                {});
    expect_said("ROLLBACK; INSERT INTO lg VALUES (2); BEGIN; SELECT 1",
                {"committed changes", "after \"ROLLBACK\" had ended the sandbox's transaction"},
                {});
    expect_said("PRAGMA journal_mode = OFF; PRAGMA cache_size = 2;"
                "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
                "INSERT INTO lg SELECT hex(zeroblob(3000)) FROM n; PRAGMA cache_size = -2000",
                {}, {"it committed changes"});
    expect_said("\xEF\xBB\xBF"
                "BEGIN",
                {"BEGIN", "inside the sandbox's transaction"}, {});
    expect_said("/* why */ -- not\n ; BEGIN IMMEDIATE", {"BEGIN IMMEDIATE"}, {});
}

TEST_CASE("of two engines only the one whose test attached a file is blamed for it") {
    CHECK(wrong_in([](witness& says) {
              auto one = opened(shop("", "one"), says);
              auto two = opened(shop("", "two"), says);
              auto of_one = isolite::session::open(one, "test", mode::rollback);
              auto of_two = isolite::session::open(two, "test", mode::rollback);
              static_cast<void>(answer(one.db().getHandle(), "COMMIT; ATTACH 'extra.db' AS x;"
                                                             "CREATE TABLE x.q(a)"));
              const auto closed_two = of_two->close();
              says.expect(closed_two.has_value(), closed_two ? "" : closed_two.error().text());
              const auto closed_one = of_one->close();
              says.expect_words(closed_one ? "" : closed_one.error().text(), {"'extra.db'"}, "one");
          }) == "");
}

TEST_CASE("a savepoint called isolite confuses no sessions") {
    for (const char* const name : {"isolite", "ISOLITE", "\"isolite\""}) {
        CHECK(wrong_in([name](witness& says) {
                  auto engine = opened(shop(), says);
                  auto outer = isolite::session::open(engine, "outer", mode::rollback);
                  static_cast<void>(test(engine, "inner 1", mode::rollback, [&] {
                      static_cast<void>(answer(engine.db().getHandle(),
                                               "INSERT INTO t VALUES (20, 'LEAK'); SAVEPOINT " +
                                                   std::string(name)));
                  }));
                  innocent(engine, says, mode::rollback, [&] {
                      says.expect_equal(
                          answer(engine.db().getHandle(), "SELECT id FROM t WHERE id = 20"), "",
                          "inner 2 sees");
                  });
                  const auto closed = outer->close();
                  says.expect(closed.has_value(), closed ? "" : closed.error().text());
              }) == "");
    }
    CHECK(wrong_in([](witness& says) {
              auto engine = opened(shop(), says);
              auto outer = isolite::session::open(engine, "outer", mode::rollback);
              auto middle = isolite::session::open(engine, "middle", mode::rollback);
              const std::string said = test(engine, "inner", mode::rollback, [&] {
                  static_cast<void>(answer(engine.db().getHandle(), "RELEASE isolite"));
              });
              const auto closed = middle->close();
              const std::string of_middle = closed ? "" : closed.error().text();
              says.expect(of_middle.find("a conflict") == std::string::npos, of_middle);
              says.expect(said.empty() || said.find("a conflict") == std::string::npos, said);
          }) == "");
}

TEST_CASE("what an inner test leaked is told also when sessions end in the wrong order") {
    CHECK(wrong_in([](witness& says) {
              auto engine = opened(shop(), says);
              auto outer = isolite::session::open(engine, "outer", mode::copy_on_write);
              auto inner = isolite::session::open(engine, "inner", mode::rollback);
              static_cast<void>(
                  answer(engine.db().getHandle(), "INSERT INTO t VALUES (20, 'LEAK'); COMMIT"));
              std::string told;
              told = written_to_stderr([&] {
                         for (auto* const each : {&outer, &inner}) {
                             const auto closed = (*each)->close();
                             told += closed ? "" : closed.error().text();
                         }
                     }) +
                     told;
              says.expect_words(told, {"committed changes", "'inner'"}, "somebody");
          }) == "");
}

TEST_CASE(
    "who takes the default VFS from SQLite is told of that, and not of the one that follows") {
    CHECK(wrong_in([](witness& says) {
              auto engine = opened(shop(), says);
              sqlite3_vfs* const usual = sqlite3_vfs_find(nullptr);
              const std::string said = test(engine, "orders/first", mode::rollback,
                                            [&] { sqlite3_vfs_unregister(usual); });
              says.expect_words(
                  said, {std::string("it took the default VFS '") + usual->zName + "' from SQLite"},
                  "it");
              says.expect(said.find("it made") == std::string::npos, said);
              says.expect(sqlite3_vfs_find(nullptr) == usual, "it is not put back");
          }) == "");
}

TEST_CASE("what a test puts in the place of a suite's ':memory:' is told of, and is gone") {
    for (const mode each : modes) {
        CHECK(wrong_in([each](witness& says) {
                  auto engine = opened(shop(), says);
                  auto suite = isolite::session::open(engine, "orders", mode::copy_on_write);
                  sqlite3* const db = engine.db().getHandle();
                  static_cast<void>(answer(db,
                                           "ATTACH ':memory:' AS mem;"
                                           "CREATE TABLE mem.m(a); INSERT INTO mem.m VALUES(1)"));
                  const std::string said = test(engine, "orders/first", each, [&] {
                      sqlite3_deserialize(engine.db().getHandle(), "mem", nullptr, 0, 0,
                                          SQLITE_DESERIALIZE_RESIZEABLE);
                  });
                  says.expect_equal(said,
                                    "cannot end 'orders/first' with a clean database: it put "
                                    "something else in the place of the database 'mem' "
                                    "(sqlite3_deserialize or ATTACH)\n"
                                    "  hint: undo in the test what it did to its connection, for "
                                    "instance in a destructor",
                                    "the test");
                  innocent(engine, says, each, [&] {
                      says.expect_equal(answer(engine.db().getHandle(), "SELECT a FROM mem.m"),
                                        "1; ", "the next test's view");
                  });
                  static_cast<void>(answer(engine.db().getHandle(), "DETACH mem"));
                  says.expect(suite->close().has_value(), "the suite is blamed");
              }) == "");
    }
}

TEST_CASE("a suite keeps the connection by the file that it attached, and by no other") {
    CHECK(wrong_in([](witness& says) {
              auto engine = opened(shop(), says);
              auto suite = isolite::session::open(engine, "orders", mode::copy_on_write);
              static_cast<void>(answer(engine.db().getHandle(), "ATTACH 'of_suite' AS more;"
                                                                "CREATE TABLE more.m(a)"));
              const std::string said = test(engine, "orders/first", mode::rollback, [&] {
                  sqlite3_deserialize(engine.db().getHandle(), "more", nullptr, 0, 0,
                                      SQLITE_DESERIALIZE_RESIZEABLE);
              });
              says.expect_words(said,
                                {"put something else in the place of the database 'more'",
                                 "attached the file 'of_suite' to it"},
                                "the test");
              static_cast<void>(suite->close());
          }) == "");
}
