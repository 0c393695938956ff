#include "story.hpp"
#include "view.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What the sandbox's transaction makes impossible or silent in mode `rollback` gets the hint that
// BEGIN gets; and copy_on_write, which the hint names, really helps.

using isolite::mode;

namespace {

const std::string family =
    "CREATE TABLE parent(id INTEGER PRIMARY KEY);"
    "CREATE TABLE child(id INTEGER PRIMARY KEY, p INTEGER REFERENCES parent ON DELETE CASCADE);"
    "INSERT INTO parent VALUES (1), (2); INSERT INTO child VALUES (10, 1), (20, 2);";

/// Code under test: rebuilds a table as SQLite's manual says.
const char* const rebuild = "PRAGMA foreign_keys = OFF;"
                            "CREATE TABLE parent_new(id INTEGER PRIMARY KEY, name TEXT);"
                            "INSERT INTO parent_new SELECT id, NULL FROM parent;"
                            "DROP TABLE parent; ALTER TABLE parent_new RENAME TO parent;"
                            "PRAGMA foreign_keys = ON";

story hinted(const isolite::seed& seed, const std::string& sql, const std::string& words,
             const verdict& in_copy_on_write) {
    story told{seed, sql};
    told.may_fail = true;
    told.in_rollback = fails({words, "copy_on_write"});
    told.in_copy_on_write = in_copy_on_write;
    return told;
}

} // namespace

TEST_CASE("BEGIN and all else that needs no transaction around it gets the same hint") {
    const verdict changed = fails({"PRAGMA "});
    story begin = hinted(shop(), "", "BEGIN", passes());
    begin.act = [](stage& at) { at.attempt("BEGIN; INSERT INTO t(v) VALUES ('x'); COMMIT"); };
    CHECK(wrong_in(begin) == "");
    CHECK(wrong_in(hinted(shop(), "VACUUM", "VACUUM", passes())) == "");
    CHECK(wrong_in(hinted(shop(), "VACUUM INTO ':memory:'", "VACUUM", passes())) == "");
    CHECK(wrong_in(hinted(shop(), "INSERT INTO t(v) VALUES ('x'); PRAGMA journal_mode = WAL",
                          "journal_mode", passes())) == "");
    CHECK(wrong_in(hinted(shop(), "PRAGMA synchronous = NORMAL", "synchronous", changed)) == "");
    CHECK(wrong_in(hinted(shop(), "PRAGMA foreign_keys = OFF", "foreign_keys", changed)) == "");
    CHECK(wrong_in(hinted(shop(in_wal), "PRAGMA journal_mode = DELETE", "journal_mode",
                          passes())) == "");
    CHECK(wrong_in(hinted(audited_shop(in_wal), "PRAGMA audit.journal_mode = DELETE",
                          "journal_mode", passes())) == "");
    CHECK(wrong_in(hinted(shop(in_wal), "SELECT * FROM t; PRAGMA wal_checkpoint(TRUNCATE)",
                          "wal_checkpoint", passes())) == "");
    CHECK(wrong_in(hinted(shop(), "INSERT INTO t(v) VALUES ('x'); PRAGMA wal_checkpoint",
                          "wal_checkpoint", passes())) == "");
    CHECK(wrong_in(hinted(shop(), "CREATE TEMP TABLE x(a); PRAGMA temp_store = MEMORY",
                          "temp_store", changed)) == "");
    CHECK(wrong_in(hinted(audited_shop(), "DETACH audit", "DETACH", fails({"audit"}))) == "");
    CHECK(wrong_in(hinted(shop(),
                          "ATTACH ':memory:' AS p; CREATE TABLE p.x(a);"
                          "INSERT INTO p.x VALUES (9); INSERT INTO t SELECT a, '' FROM "
                          "p.x; DETACH p",
                          "DETACH", passes())) == "");
}

TEST_CASE("what changes nothing inside the transaction passes without a word") {
    for (const char* const sql :
         {"PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "PRAGMA journal_mode",
          "PRAGMA synchronous", "PRAGMA foreign_keys(1)", "PRAGMA wal_checkpoint",
          "CREATE TEMP TABLE x(a); DROP TABLE x; PRAGMA temp_store = DEFAULT"}) {
        CAPTURE(std::string(sql));
        CHECK(wrong_in(story{shop(), sql}) == "");
    }
}

TEST_CASE("a table that is rebuilt as the manual says keeps its children or is told of") {
    story told{shop(family), rebuild};
    told.in_rollback = fails({"PRAGMA foreign_keys", "copy_on_write"});
    told.then = "SELECT * FROM child; PRAGMA foreign_keys";
    CHECK(wrong_in(told) == "");
    CHECK(wrong_in([](witness& says) {
              auto engine = opened(shop(family), says);
              innocent(engine, says, mode::copy_on_write, [&] {
                  engine.db().exec(rebuild);
                  says.expect_equal(answer(engine.db().getHandle(), "SELECT id FROM child"),
                                    "10; 20; ", "the children");
              });
          }) == "");
}

namespace {

/// Runs a test of mode `rollback` that writes first, or reads, and then uses another connection.
void expect_locked_out(const std::string& own, const std::string& other,
                       const std::vector<std::string>& words, const std::string& more = "") {
    CAPTURE(own);
    CAPTURE(other);
    CHECK(wrong_in([&](witness& says) {
              auto engine = opened(shop(more), says);
              const std::string said = test(engine, "culprit", mode::rollback, [&] {
                  static_cast<void>(answer(engine.db().getHandle(), own));
                  auto further = engine.connect(std::chrono::milliseconds(0));
                  const std::string refused =
                      further ? answer(further->getHandle(), other) : further.error().text();
                  says.expect(words.empty() || refused.find("locked") != refused.npos, refused);
              });
              says.expect(words.empty() == said.empty(), "the test: " + said);
              says.expect_words(said, words, "the test");
              innocent(engine, says, mode::rollback, [] {});
              innocent(engine, says, mode::copy_on_write, [&] {
                  static_cast<void>(answer(engine.db().getHandle(), own));
                  auto further = engine.connect(std::chrono::milliseconds(0));
                  const std::string done = answer(further->getHandle(), other);
                  says.expect(done.find("locked") == done.npos, "copy_on_write: " + done);
              });
          }) == "");
}

} // namespace

TEST_CASE("a database that is locked for another connection gets the hint of BEGIN") {
    const std::string write = "INSERT INTO t(v) VALUES ('x')";
    for (const std::string& more : {std::string(), std::string(in_wal)}) {
        CAPTURE(more);
        for (const char* const other : {"INSERT INTO lg VALUES ('y')", "BEGIN IMMEDIATE"}) {
            expect_locked_out(write, other,
                              {"it ran \"" + std::string(other) +
                                   "\" on another connection while the sandbox's transaction had "
                                   "the database locked",
                               "copy_on_write"},
                              more);
        }
        expect_locked_out(write, "SELECT * FROM t", {}, more);
        expect_locked_out(write, "BEGIN; SELECT * FROM t; ROLLBACK; PRAGMA journal_mode", {}, more);
        expect_locked_out("SELECT 1", "BEGIN IMMEDIATE; DELETE FROM t; ROLLBACK", {}, more);
        expect_locked_out("ROLLBACK; BEGIN IMMEDIATE; COMMIT", "BEGIN IMMEDIATE; ROLLBACK", {},
                          more);
    }
    expect_locked_out("SELECT * FROM t", "DELETE FROM t",
                      {"it ran \"DELETE FROM t\" on another connection", "copy_on_write"});
    expect_locked_out("PRAGMA cache_size = 2; WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT "
                      "i + 1 FROM n WHERE i < 100) INSERT INTO lg SELECT zeroblob(3000) FROM n;"
                      "PRAGMA cache_size = -2000",
                      "SELECT count(*) FROM t",
                      {"it used another connection while the sandbox's transaction had the "
                       "database locked",
                       "copy_on_write"});
}

TEST_CASE("connections that lock each other out are no matter of the sandbox") {
    for (const std::string& more : {std::string(), std::string(in_wal)}) {
        CHECK(wrong_in([&](witness& says) {
                  auto engine = opened(shop(more), says);
                  innocent(engine, says, mode::rollback, [&] {
                      static_cast<void>(answer(engine.db().getHandle(), "SELECT * FROM t"));
                      auto one = engine.connect(std::chrono::milliseconds(0));
                      auto two = engine.connect(std::chrono::milliseconds(0));
                      one->exec("BEGIN IMMEDIATE");
                      says.expect_words(answer(two->getHandle(), "BEGIN IMMEDIATE"), {"locked"},
                                        "the second one");
                      one->exec("ROLLBACK");
                  });
              }) == "");
    }
}

TEST_CASE("who is locked out on a connection that another test left open blames nobody") {
    CHECK(wrong_in([](witness& says) {
              auto engine = opened(shop(), says);
              std::optional<SQLite::Database> left;
              innocent(engine, says, mode::rollback, [&] {
                  left.emplace(std::move(*engine.connect(std::chrono::milliseconds(0))));
              });
              innocent(engine, says, mode::rollback, [&] {
                  engine.db().exec("DELETE FROM t");
                  says.expect_words(answer(left->getHandle(), "DELETE FROM t"), {"locked"},
                                    "the connection");
              });
          }) == "");
}

TEST_CASE("a database of the seed that is swapped in copy_on_write comes back") {
    story told{shop().attach("my audit", isolite::seed("audit").sql("CREATE TABLE log(a);")),
               "DETACH 'my audit'; ATTACH ':memory:' AS 'my audit'; CREATE TABLE 'my audit'.log(a);"
               "INSERT INTO 'my audit'.log VALUES (5)"};
    told.may_fail = true;
    told.in_rollback = either();
    told.in_copy_on_write = fails({"put something else in the place of the database 'my audit'"});
    told.then += "; SELECT * FROM 'my audit'.log; INSERT INTO 'my audit'.log VALUES (1)";
    CHECK(wrong_in(told) == "");
    CHECK(wrong_in([](witness& says) {
              auto engine = opened(
                  shop().attach("my audit", isolite::seed("audit").sql("CREATE TABLE log(a);")),
                  says);
              const std::string said = test(engine, "culprit", mode::rollback, [&] {
                  engine.db().exec("INSERT INTO 'my audit'.log VALUES (77); COMMIT");
              });
              says.expect_words(said, {"my audit", "77"}, "the culprit");
          }) == "");
}
