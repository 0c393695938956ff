#include "story.hpp"
#include "view.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <filesystem>
#include <string>

#include <unistd.h>

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
          "PRAGMA synchronous", "PRAGMA foreign_keys(1)"}) {
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

TEST_CASE("a database of the seed that is swapped in copy_on_write comes back") {
    story told{shop().attach("my audit", isolite::seed("audit").sql("CREATE TABLE log(a);")),
               "DETACH 'my audit'; ATTACH ':memory:' AS 'my audit'; CREATE TABLE 'my audit'.log(a);"
               "INSERT INTO 'my audit'.log VALUES (5)"};
    told.may_fail = true;
    told.in_rollback = either();
    told.in_copy_on_write = fails({"detached the database 'my audit'"});
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
