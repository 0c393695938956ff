#include <isolite/session.hpp>

#include "store/directory.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <memory>

namespace {

/// An engine with a table of one row, and the sessions that a test opens on it.
struct engine_fixture {
    isolite::engine engine = std::move(isolite::engine::open(isolite::seed("s").sql(
                                           "CREATE TABLE t (id INTEGER PRIMARY KEY, v);"
                                           "INSERT INTO t VALUES (1, 'seeded')")))
                                 .value();

    isolite::session open(const char* name = "a test",
                          isolite::mode mode = isolite::mode::rollback) {
        auto opened = isolite::session::open(engine, name, mode);
        if (!opened) {
            FAIL(opened.error().text());
        }
        return std::move(*opened);
    }

    int rows() { return engine.value<int>("SELECT count(*) FROM t"); }

    std::size_t layers() {
        return isolite::store::directory::of_process().find(engine.name())->depth();
    }
};

std::string failure(isolite::session& session) {
    const auto closed = session.close();
    return closed ? "" : closed.error().message;
}

} // namespace

TEST_CASE_FIXTURE(engine_fixture, "what a test writes is gone after its session") {
    auto session = open();
    engine.execute("INSERT INTO t VALUES (2, 'new')");
    engine.execute("UPDATE t SET v = 'changed' WHERE id = 1");
    CHECK(rows() == 2);
    CHECK(failure(session) == "");
    CHECK(rows() == 1);
    CHECK(engine.value<std::string>("SELECT v FROM t") == "seeded");
}

TEST_CASE_FIXTURE(engine_fixture, "without protection what a test writes stays") {
    auto session = open("a test", isolite::mode::none);
    engine.execute("INSERT INTO t VALUES (2, 'new')");
    CHECK(failure(session) == "");
    CHECK(rows() == 2);
}

TEST_CASE_FIXTURE(engine_fixture, "a session that goes out of scope is closed") {
    {
        auto session = open();
        engine.execute("DELETE FROM t");
    }
    CHECK(rows() == 1);
    CHECK(layers() == 0);
}

TEST_CASE_FIXTURE(engine_fixture, "closing a session again does nothing") {
    auto session = open();
    CHECK(failure(session) == "");
    auto next = open("the next");
    CHECK(failure(session) == "");
    engine.execute("DELETE FROM t");
    CHECK(failure(next) == "");
    CHECK(rows() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "a moved session closes once") {
    auto first = open();
    auto second = std::make_unique<isolite::session>(std::move(first));
    engine.execute("DELETE FROM t");
    CHECK(failure(first) == "");
    CHECK(rows() == 0);
    CHECK(failure(*second) == "");
    CHECK(rows() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "an engine has one session at a time") {
    auto session = open("the first");
    const auto second = isolite::session::open(engine, "the second");
    REQUIRE(!second);
    CHECK(second.error().code == isolite::errc::usage);
    CHECK(second.error().text() ==
          "cannot open a session for 'the second': the session of 'the first' is still open\n"
          "  hint: an engine has one session at a time: close the first, or use a second seed");
}

TEST_CASE_FIXTURE(engine_fixture, "a transaction begun outside of any session is named") {
    engine.db().exec("BEGIN");
    const auto session = isolite::session::open(engine, "orders/first");
    REQUIRE(!session);
    CHECK(session.error().text() ==
          "cannot open a session for 'orders/first': the connection is inside a transaction\n"
          "  hint: something that ran outside of any session began it and did not end it");
    engine.db().exec("ROLLBACK");
    CHECK(layers() == 0);
}

TEST_CASE_FIXTURE(engine_fixture, "a committed row fails the test that committed it") {
    auto session = open("orders/first");
    engine.db().exec("INSERT INTO t VALUES (2, 'leaked'); COMMIT");
    const auto closed = session.close();
    REQUIRE(!closed);
    CHECK(closed.error().code == isolite::errc::leak);
    CHECK(closed.error().text() ==
          "cannot end 'orders/first' with a clean database: it committed changes on 1 page of the "
          "database 's', having ended the sandbox's transaction with COMMIT\n"
          "  hint: in mode rollback the fixture owns the transaction: let the code under test use "
          "SAVEPOINT and RELEASE, or leave BEGIN and COMMIT to its callers");
    CHECK(rows() == 1);
    auto next = open("the next");
    CHECK(failure(next) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a commit that changes nothing is no leak") {
    auto session = open();
    engine.db().exec("COMMIT; BEGIN IMMEDIATE; UPDATE t SET v = v; COMMIT");
    CHECK(failure(session) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a test may nest savepoints") {
    auto session = open();
    engine.db().exec("SAVEPOINT a; INSERT INTO t VALUES (2, 'a'); SAVEPOINT b; DELETE FROM t;"
                     "ROLLBACK TO b; RELEASE a");
    CHECK(rows() == 2);
    engine.db().exec("SAVEPOINT left_open; DELETE FROM t");
    CHECK(failure(session) == "");
    CHECK(rows() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "last_insert_rowid is what it was before the test") {
    engine.execute("INSERT INTO t VALUES (50, 'before')");
    auto session = open();
    engine.execute("INSERT INTO t VALUES (99, 'new')");
    CHECK(failure(session) == "");
    CHECK(engine.value<int>("SELECT last_insert_rowid()") == 50);
}

TEST_CASE_FIXTURE(engine_fixture, "kept statements survive schema changes of a test") {
    auto session = open();
    engine.db().exec("ALTER TABLE t ADD COLUMN w; DROP TABLE t");
    CHECK(failure(session) == "");
    CHECK(rows() == 1);
    auto next = open("the next");
    engine.db().exec("COMMIT; DROP TABLE t");
    CHECK(failure(next) != "");
    CHECK(rows() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "an abandoned session leaves a fresh copy of the database") {
    auto session = open("cut off");
    const std::string uri = engine.uri();
    engine.execute("DELETE FROM t");
    SQLite::Database* const before = &engine.db();
    REQUIRE(isolite::session::abandon(engine, "cut off"));
    CHECK(&engine.db() != before);
    CHECK(engine.uri() == uri);
    CHECK(rows() == 1);
    auto next = open("the next");
    engine.execute("DELETE FROM t");
    CHECK(failure(next) == "");
    CHECK(failure(session) == ""); // it is not ours any more
    CHECK(rows() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "only the session of the test that was cut off is abandoned") {
    auto session = open("going on");
    engine.execute("DELETE FROM t");
    REQUIRE(isolite::session::abandon(engine, "another test"));
    CHECK(rows() == 0);
    CHECK(failure(session) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a session that cannot begin says why and leaves no layer") {
    const auto deny = [](void*, int, const char*, const char*, const char*, const char*) {
        return SQLITE_DENY;
    };
    sqlite3_set_authorizer(engine.db().getHandle(), deny, nullptr);
    const auto session = isolite::session::open(engine, "orders/first");
    sqlite3_set_authorizer(engine.db().getHandle(), nullptr, nullptr);
    REQUIRE(!session);
    CHECK(session.error().text() ==
          "cannot open a session for 'orders/first': BEGIN failed: not authorized\n"
          "  hint: an authorizer that was set outside of any session may have refused it");
    CHECK(layers() == 0);
}

TEST_CASE_FIXTURE(engine_fixture,
                  "an engine that is opened during a session is no leak of its test") {
    auto session = open();
    auto other = isolite::engine::open(isolite::seed("other").sql("CREATE TABLE t (a)"));
    REQUIRE(other);
    CHECK(failure(session) == "");
    SQLite::Database again(other->uri(), SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
    CHECK(again.tableExists("t"));
}

TEST_CASE_FIXTURE(engine_fixture,
                  "a busy timeout set in C is put back, but no later test is blamed") {
    const int before = engine.value<int>("SELECT timeout FROM pragma_busy_timeout");
    sqlite3_busy_timeout(engine.db().getHandle(), before + 1000);
    auto session = open();
    engine.db().exec("CREATE TEMP TABLE t (a)"); // makes the session look closely
    CHECK(failure(session) == "");
    CHECK(engine.value<int>("SELECT timeout FROM pragma_busy_timeout") == before);
}

TEST_CASE_FIXTURE(engine_fixture, "a commit through another connection is named as that") {
    auto session = open("orders/first");
    SQLite::Database other(engine.uri(), SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
    other.exec("DELETE FROM t");
    const auto closed = session.close();
    REQUIRE(!closed);
    CHECK(
        closed.error().text() ==
        "cannot end 'orders/first' with a clean database: it committed changes on 1 page of the "
        "database 's' through another connection, or with a statement prepared earlier\n"
        "  hint: in mode rollback only the fixture's connection is protected, and the fixture owns "
        "its transaction: let the code under test use db(), without BEGIN and COMMIT");
    CHECK(other.execAndGet("SELECT count(*) FROM t").getInt() == 1);
}
