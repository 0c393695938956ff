#include "engine_fixture.hpp"

#include <memory>

using isolite::mode;

TEST_CASE_FIXTURE(engine_fixture, "what a test writes is gone after its session") {
    for (const mode each : {mode::rollback, mode::copy_on_write}) {
        auto session = open("a test", each);
        engine.execute("INSERT INTO t VALUES (2, 'new')");
        engine.execute("UPDATE t SET v = 'changed' WHERE id = 1");
        CHECK(rows() == 2);
        CHECK(failure(session) == "");
        CHECK(rows() == 1);
        CHECK(value("SELECT v FROM t") == "seeded");
    }
}

TEST_CASE_FIXTURE(engine_fixture, "without protection what a test writes stays") {
    auto session = open("a test", mode::none);
    engine.execute("INSERT INTO t VALUES (2, 'new')");
    CHECK(failure(session) == "");
    CHECK(rows() == 2);
    auto next = open("the next");
    CHECK(rows() == 2);
    run("DELETE FROM t");
    CHECK(failure(next) == "");
    CHECK(rows() == 2);
}

TEST_CASE_FIXTURE(engine_fixture, "a session that goes out of scope is closed") {
    for (const mode each : {mode::rollback, mode::copy_on_write}) {
        {
            auto session = open("a test", each);
            engine.execute("DELETE FROM t");
        }
        CHECK(rows() == 1);
        CHECK(layers() == 1);
    }
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

TEST_CASE_FIXTURE(engine_fixture, "a transaction begun outside of any session is named") {
    for (const mode each : {mode::rollback, mode::copy_on_write}) {
        run("BEGIN");
        const auto session = isolite::session::open(engine, "orders/first", each);
        REQUIRE(!session);
        CHECK(session.error().code == isolite::errc::usage);
        CHECK(session.error().text() ==
              "cannot open a session for 'orders/first': the connection is inside a transaction\n"
              "  hint: something that ran outside of any session began it and did not end it");
        run("ROLLBACK");
        CHECK(layers() == 1);
    }
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
    CHECK(layers() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "a commit that changes nothing is no leak") {
    auto session = open();
    run("COMMIT; BEGIN IMMEDIATE; UPDATE t SET v = v; COMMIT");
    CHECK(failure(session) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a test may nest savepoints") {
    auto session = open();
    run("SAVEPOINT a; INSERT INTO t VALUES (2, 'a'); SAVEPOINT b; DELETE FROM t;"
        "ROLLBACK TO b; RELEASE a");
    CHECK(rows() == 2);
    run("SAVEPOINT left_open; DELETE FROM t");
    CHECK(failure(session) == "");
    CHECK(rows() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "last_insert_rowid is what it was before the test") {
    run("INSERT INTO t VALUES (50, 'before')");
    for (const mode each : {mode::rollback, mode::copy_on_write}) {
        auto session = open("a test", each);
        engine.execute("INSERT INTO t VALUES (99, 'new')");
        CHECK(failure(session) == "");
        CHECK(engine.value<int>("SELECT last_insert_rowid()") == 50);
    }
}

TEST_CASE_FIXTURE(engine_fixture, "kept statements survive schema changes of a test") {
    auto session = open();
    CHECK(rows() == 1);
    run("ALTER TABLE t ADD COLUMN w; DROP TABLE t");
    CHECK(failure(session) == "");
    CHECK(rows() == 1);
    auto next = open("the next");
    run("COMMIT; DROP TABLE t");
    CHECK(failure(next) != "");
    CHECK(rows() == 1);
}

// SQLite refuses a wrong number of values while it prepares a statement, before it looks whether
// the schema is still the one that it knows.
TEST_CASE_FIXTURE(engine_fixture, "a column that a test leaves is unknown to the next test") {
    auto session = open();
    run("ALTER TABLE t ADD COLUMN w; COMMIT");
    CHECK(failure(session) != "");
    auto next = open("the next");
    run("INSERT INTO t VALUES (2, 'with two values')");
    CHECK(failure(next) == "");
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
    run("CREATE TEMP TABLE t (a)"); // makes the session look closely
    CHECK(failure(session) == "");
    CHECK(engine.value<int>("SELECT timeout FROM pragma_busy_timeout") == before);
}

TEST_CASE_FIXTURE(engine_fixture, "what is done before the first session is there for all tests") {
    run("INSERT INTO t (v) VALUES ('set up'); PRAGMA cache_size = 77; CREATE TEMP TABLE x (y)");
    for (const mode each : {mode::rollback, mode::copy_on_write, mode::rollback}) {
        auto session = open("a test", each);
        CHECK(rows() == 2);
        CHECK(value("PRAGMA cache_size") == "77");
        run("DELETE FROM t; CREATE TABLE u (a); INSERT INTO x VALUES (1)");
        CHECK(failure(session) == "");
        CHECK(value("SELECT count(*) FROM x") == "0");
    }
}

// [control: suites]
TEST_CASE_FIXTURE(engine_fixture, "what is done without protection is there for the tests behind") {
    auto unprotected = open("unprotected", mode::none);
    run("INSERT INTO t (v) VALUES ('left'); PRAGMA cache_size = 77");
    CHECK(failure(unprotected) == "");
    auto session = open("a test");
    CHECK(rows() == 2);
    CHECK(value("PRAGMA cache_size") == "77");
    CHECK(failure(session) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "what a foreign connection writes between sessions is dropped") {
    for (const mode each : {mode::rollback, mode::copy_on_write}) {
        SQLite::Database other(engine.uri(), SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
        auto first = open("the first", each);
        CHECK(failure(first) == "");
        other.exec("DELETE FROM t");
        auto second = open("the second", each);
        CHECK(rows() == 1);
        CHECK(failure(second) == "");
        CHECK(other.execAndGet("SELECT count(*) FROM t").getInt() == 1);
    }
}

TEST_CASE_FIXTURE(engine_fixture, "an abandoned session leaves a fresh copy of the database") {
    for (const mode each : {mode::rollback, mode::copy_on_write}) {
        auto session = open("cut off", each);
        const std::string uri = engine.uri();
        engine.execute("DELETE FROM t");
        sqlite3* const before = engine.handle();
        REQUIRE(isolite::session::abandon(engine, "cut off"));
        CHECK(engine.handle() != before);
        CHECK(engine.uri() == uri);
        CHECK(rows() == 1);
        auto next = open("the next", each);
        engine.execute("DELETE FROM t");
        CHECK(failure(next) == "");
        CHECK(failure(session) == ""); // it is not ours any more
        CHECK(rows() == 1);
    }
}

TEST_CASE_FIXTURE(engine_fixture, "only the session of the test that was cut off is abandoned") {
    auto session = open("going on");
    engine.execute("DELETE FROM t");
    REQUIRE(isolite::session::abandon(engine, "another test"));
    CHECK(rows() == 0);
    CHECK(failure(session) == "");
}

TEST_CASE("a user_version that a seed sets is kept") {
    engine_fixture fixture(isolite::seed("s").sql("CREATE TABLE t (a); PRAGMA user_version = 77;"
                                                  "PRAGMA application_id = 5"));
    CHECK(fixture.value("PRAGMA user_version") == "77");
    auto session = fixture.open_copy_on_write();
    fixture.run("PRAGMA user_version = 78; PRAGMA application_id = 6");
    CHECK(failure(session) == "");
    CHECK(fixture.value("PRAGMA user_version") == "77");
    CHECK(fixture.value("PRAGMA application_id") == "5");
    engine_fixture empty(isolite::seed("s").sql("PRAGMA user_version = 3"));
    CHECK(empty.value("PRAGMA user_version") == "3");
}
