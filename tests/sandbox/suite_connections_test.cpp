#include "engine_fixture.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

// What suites and their tests do to the connection that they share, and to others.

using isolite::mode;

TEST_CASE_FIXTURE(engine_fixture, "a statement that an inner test left is not its suite's") {
    auto suite = open_copy_on_write("suite");
    SQLite::Statement* left = nullptr;
    auto first = open("suite/first");
    left = new SQLite::Statement(engine.db(), "SELECT id FROM t");
    CHECK(failure(first) == "");
    static_cast<void>(rows()); // which prepares a statement
    auto second = open("suite/second");
    run("ATTACH ':memory:' AS aside; CREATE TABLE aside.t (x)");
    const std::string told = failure(second);
    CHECK(told.find("it left the database 'aside' attached\n") != std::string::npos);
    CHECK(told.find("suite around it") == std::string::npos);
    auto third = open("suite/third");
    CHECK(rows() == 1);
    CHECK(failure(third) == "");
    CHECK(failure(suite) == "");
    delete left;
}

TEST_CASE_FIXTURE(engine_fixture,
                  "a suite's statement is kept from a replacement, whatever it is") {
    auto suite = open_copy_on_write("suite");
    SQLite::Statement& half_read = engine.statement("SELECT id FROM t UNION ALL SELECT 2");
    SUBCASE("one that is kept, in the middle of its rows") {
        half_read.executeStep();
        auto test = open("suite/test", mode::copy_on_write);
        run("PRAGMA cache_size = 9");
        CHECK(failure(test).find("the suite around it is in the middle of the statement "
                                 "\"SELECT id FROM t UNION ALL SELECT 2\"") != std::string::npos);
        CHECK(half_read.executeStep());
        CHECK(half_read.getColumn(0).getInt() == 2);
        half_read.reset();
    }
    SUBCASE("one that was prepared between two tests") {
        auto first = open("suite/first");
        CHECK(failure(first) == "");
        const SQLite::Statement own(engine.db(), "SELECT id FROM t");
        auto test = open("suite/test", mode::copy_on_write);
        run("PRAGMA cache_size = 9");
        CHECK(failure(test).find("the suite around it keeps the statement \"SELECT id FROM t\" on "
                                 "it") != std::string::npos);
    }
    CHECK(failure(suite) == ""); // the test was told
}

TEST_CASE("statements that on_connect keeps are not its suite's") {
    std::optional<SQLite::Statement> kept;
    int prepared = 0;
    engine_fixture at(engine_fixture::seed_of_one_row().on_connect([&](SQLite::Database& db) {
        ++prepared;
        kept.emplace(db, "SELECT count(*) FROM t");
    }));
    auto suite = at.open_copy_on_write("suite");
    for (const char* name : {"suite/first", "suite/second"}) {
        auto test = at.open(name);
        at.run("CREATE TABLE more (a)"); // costs the connection
        CHECK(failure(test) == "");
        CHECK(kept->executeStep());
        CHECK(kept->getColumn(0).getInt() == 1);
        kept->reset();
    }
    CHECK(prepared > 2);
    CHECK(failure(suite) == "");
    kept.reset();
}

TEST_CASE_FIXTURE(engine_fixture, "no test inside a suite is blamed for what the suite set") {
    auto suite = open_copy_on_write("suite");
    SUBCASE("a PRAGMA") {
        run("PRAGMA recursive_triggers = 0");
    }
    SUBCASE("a table that is virtual") {
        run("CREATE VIRTUAL TABLE f USING fts5(x)");
    }
    SUBCASE("an index") {
        run("CREATE INDEX by_v ON t(v)");
    }
    const SQLite::Statement own(engine.db(), "SELECT id FROM t"); // which goes with the connection
    sqlite3* const before = engine.db().getHandle();
    for (const mode each : {mode::rollback, mode::copy_on_write, mode::rollback}) {
        auto test = open("suite/test", each);
        CHECK(rows() == 1);
        CHECK(failure(test) == "");
        CHECK(engine.db().getHandle() == before);
    }
    CHECK(failure(suite) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "nothing that is committed beneath a suite's cursor is kept") {
    auto suite = open_copy_on_write("suite");
    SQLite::Statement cursor(engine.db(), "SELECT id FROM t UNION ALL SELECT 2");
    cursor.executeStep();
    SUBCASE("a transaction that is rolled back shows in no later test") {
        for (int i = 0; i < 2; ++i) {
            auto test = open("suite/test");
            CHECK(rows() == 1);
            run("INSERT INTO t (id) VALUES (7)");
            CHECK(failure(test) == "");
        }
    }
    SUBCASE("who commits is told that nobody can undo it, and is the last") {
        auto reader = open("suite/reader", mode::copy_on_write);
        CHECK(rows() == 1);
        CHECK(failure(reader) == "");
        auto writer = open("suite/writer", mode::copy_on_write);
        run("INSERT INTO t (id) VALUES (7)");
        CHECK(failure(writer).find("the suite around it is in the middle of the statement \"SELECT "
                                   "id FROM t UNION ALL SELECT 2\"") != std::string::npos);
        const auto next = isolite::session::open(engine, "suite/next", mode::copy_on_write);
        REQUIRE(!next);
        CHECK(next.error().message.find("'suite/writer' changed the connection") !=
              std::string::npos);
    }
    cursor.reset();
    CHECK(failure(suite) == "");
    auto after = open("after");
    CHECK(rows() == 1);
    CHECK(failure(after) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a suite may attach its database a second time") {
    auto suite = open_copy_on_write("suite");
    run(("ATTACH '" + engine.uri() + "' AS again").c_str());
    for (const mode each : {mode::copy_on_write, mode::rollback, mode::copy_on_write}) {
        auto test = open("suite/test", each);
        CHECK(rows() == 1);
        CHECK(value("SELECT count(*) FROM again.t") == "1");
        if (each == mode::copy_on_write) { // else the two schemas lock each other out
            run("INSERT INTO again.t (id) VALUES (7)");
            CHECK(rows() == 2);
        }
        CHECK(failure(test) == "");
    }
    run("DETACH again");
    CHECK(failure(suite) == "");
}

TEST_CASE("what was detached around a session stays so, and is told of who did it") {
    isolite::engine engine = opened(engine_fixture::seed_of_one_row().attach(
        "audit", isolite::seed("a").sql("CREATE TABLE entries (x)")));
    const auto has_audit = [&engine] {
        return engine.value<int>("SELECT count(*) FROM pragma_database_list WHERE name = 'audit'");
    };
    auto outer = isolite::session::open(engine, "outer", mode::copy_on_write);
    engine.db().exec("DETACH audit");
    for (const mode each : {mode::copy_on_write, mode::rollback}) {
        auto inner = isolite::session::open(engine, "inner", each);
        CHECK(has_audit() == 0);
        engine.db().exec("CREATE TEMP TABLE x (y); DROP TABLE x"); // costs the connection
        CHECK(failure(*inner) == "");
    }
    CHECK(has_audit() == 0);
    CHECK(failure(*outer).find("it detached the database 'audit'") != std::string::npos);
    auto next = isolite::session::open(engine, "next");
    CHECK(has_audit() == 1);
    CHECK(failure(*next) == "");
}

TEST_CASE("an on_connect that throws inside a suite takes nothing from the suite") {
    int calls = 0;
    isolite::engine engine =
        opened(engine_fixture::seed_of_one_row().on_connect([&calls](SQLite::Database& db) {
            if (++calls == 2) {
                throw std::runtime_error("not now");
            }
            db.exec("CREATE TEMP TABLE cache (k)");
        }));
    auto suite = isolite::session::open(engine, "suite", mode::copy_on_write);
    engine.db().exec("CREATE TEMP TABLE scratch (x); INSERT INTO t VALUES (2, 'of the suite')");
    auto test = isolite::session::open(engine, "suite/test");
    engine.db().exec("PRAGMA cache_size = 9");
    CHECK(failure(*test).find("it changed PRAGMA cache_size from -2000 to 9\n") !=
          std::string::npos); // and did not leave what on_connect had made
    CHECK(!isolite::session::open(engine, "suite/told").has_value() == (calls < 3));
    auto next = isolite::session::open(engine, "suite/next");
    REQUIRE(next);
    CHECK(engine.value<int>("SELECT count(*) FROM t") == 2);
    CHECK(engine.value<int>("SELECT count(*) FROM cache") == 0);
    CHECK(engine.value<int>("SELECT count(*) FROM scratch") == 0);
    CHECK(engine.value<int>("SELECT last_insert_rowid()") == 2);
    CHECK(failure(*next) == "");
    static_cast<void>(suite->close());
}

TEST_CASE_FIXTURE(engine_fixture, "TEMP that a suite has opened is open for each test") {
    auto suite = open_copy_on_write("suite");
    run("ALTER TABLE t ADD COLUMN more; ALTER TABLE t DROP COLUMN more"); // which look there
    for (int i = 0; i < 3; ++i) {
        auto test = open("suite/test", mode::copy_on_write);
        CHECK(value("SELECT count(*) FROM pragma_database_list WHERE name = 'temp'") == "1");
        run("PRAGMA cache_size = 9");
        CHECK(failure(test) != "");
    }
    CHECK(failure(suite) == "");
}

TEST_CASE_FIXTURE(engine_fixture,
                  "what a suite did to its connection is there two suites further in") {
    auto outer = open_copy_on_write("outer");
    run("CREATE TEMP TABLE scratch (x)");
    auto ordinary = open("outer/ordinary");
    CHECK(failure(ordinary) == "");
    auto inner = open_copy_on_write("outer/inner");
    for (const char* name : {"first", "second"}) {
        auto test = open(name, mode::copy_on_write);
        run("INSERT INTO scratch VALUES (1); PRAGMA cache_size = 5");
        CHECK(failure(test).find("it changed PRAGMA cache_size from -2000 to 5\n") !=
              std::string::npos);
        CHECK(value("SELECT count(*) FROM scratch") == "0");
    }
    CHECK(failure(inner) == "");
    CHECK(failure(outer).find("it left the temporary table 'scratch' behind\n") !=
          std::string::npos);
}

TEST_CASE_FIXTURE(engine_fixture, "a suite whose other connection locks the database is named") {
    auto suite = open_copy_on_write("suite");
    auto other = engine.connect();
    REQUIRE(other);
    other->exec("PRAGMA locking_mode = EXCLUSIVE; INSERT INTO t VALUES (2, 'of another')");
    auto test = open("suite/test", mode::copy_on_write);
    run("PRAGMA cache_size = 9");
    CHECK(failure(test).find("it cannot be given a new connection here: the suite around it lets "
                             "another connection lock the database 's'\n") != std::string::npos);
    static_cast<void>(suite.close());
}

TEST_CASE("a connection that an inner test could not get back comes with the outer one's end") {
    int calls = 0;
    isolite::engine engine =
        opened(engine_fixture::seed_of_one_row().on_connect([&calls](SQLite::Database&) {
            if (++calls == 2) { // so that no connection can be opened at all
                sqlite3_hard_heap_limit64(1);
                throw std::runtime_error("not now");
            }
        }));
    auto outer = isolite::session::open(engine, "outer", mode::copy_on_write);
    auto test = isolite::session::open(engine, "outer/test", mode::copy_on_write);
    engine.db().exec("PRAGMA cache_size = 9");
    static_cast<void>(test->close());
    sqlite3_hard_heap_limit64(0);
    CHECK(failure(*outer) == "");
    CHECK(engine.value<int>("SELECT count(*) FROM t") == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "a limit of the heap keeps no connection from being opened") {
    auto outer = open_copy_on_write("outer");
    auto test = open("outer/test", mode::copy_on_write);
    run("PRAGMA cache_size = 9");
    sqlite3_hard_heap_limit64(sqlite3_memory_used() + 100);
    CHECK(failure(test).find("it changed PRAGMA hard_heap_limit from 0 to ") != std::string::npos);
    CHECK(rows() == 1);
    CHECK(failure(outer) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a suite that deserializes a database does not crash its tests") {
    auto suite = open_copy_on_write("suite");
    run("INSERT INTO t VALUES (2, 'x')");
    {
        auto first = open("suite/first", mode::copy_on_write);
        run("INSERT INTO t VALUES (3, 'x')");
        CHECK(failure(first) == "");
    }
    sqlite3* const handle = engine.db().getHandle();
    sqlite3_int64 size = 0;
    unsigned char* const bytes = sqlite3_serialize(handle, "main", &size, 0);
    REQUIRE(sqlite3_deserialize(handle, "main", bytes, size, size,
                                SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE) ==
            SQLITE_OK);
    auto second = open("suite/second", mode::copy_on_write);
    run("INSERT INTO t VALUES (4, 'x')");
    static_cast<void>(failure(second));
    CHECK(failure(suite).find("it put something else in the place of the database 's'") !=
          std::string::npos);
    CHECK(rows() == 1);
}

TEST_CASE_FIXTURE(engine_fixture,
                  "an inner test is not blamed for the outer one's progress handler") {
    auto outer = open_copy_on_write("outer");
    sqlite3_progress_handler(
        engine.db().getHandle(), 1, [](void*) { return 1; }, nullptr);
    for (const mode each : {mode::copy_on_write, mode::rollback}) {
        const auto inner = isolite::session::open(engine, "outer/inner", each);
        REQUIRE(!inner);
        CHECK(
            inner.error().text() ==
            "cannot open a session for 'outer/inner': statements are interrupted before it begins\n"
            "  hint: take away the progress handler that was set, and end what sqlite3_interrupt "
            "has hit, before a session opens");
    }
    CHECK(failure(outer).find("it left a progress handler that interrupts every statement") !=
          std::string::npos);
}

TEST_CASE("what a test opened is told although a session in it has ended since") {
    engine_fixture at(engine_fixture::seed_of_one_row().strict_connections());
    auto outer = at.open_copy_on_write("outer");
    auto other = at.engine.connect();
    REQUIRE(other);
    std::optional<SQLite::Statement> query;
    SUBCASE("idle") {}
    SUBCASE("in the middle of a query") {
        query.emplace(*other, "SELECT 1 FROM t UNION ALL SELECT 2");
        query->executeStep();
    }
    auto inner = at.open_copy_on_write("outer/inner");
    at.engine.db().tryExec("INSERT INTO t VALUES (2, 'inner')");
    CHECK(failure(inner) == "");
    const std::string told = failure(outer);
    CHECK(told.find("'outer'") != std::string::npos);
    CHECK((told.find("it left a connection to the database 's' open") != std::string::npos ||
           told.find("it left another connection in the middle of") != std::string::npos));
    CHECK((told.find("in the middle of") != std::string::npos) == query.has_value());
    query.reset();
    auto next = at.open("next");
    CHECK(failure(next) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a statement that failed on a lock was not left open") {
    auto test = open("a test", mode::copy_on_write);
    auto other = engine.connect();
    REQUIRE(other);
    other->exec("BEGIN EXCLUSIVE");
    CHECK_THROWS_WITH(engine.statement("SELECT * FROM t").executeStep(), "database is locked");
    other->exec("COMMIT");
    CHECK(failure(test) == "");
}

TEST_CASE_FIXTURE(engine_fixture,
                  "a limit of the heap leaves no transaction of an inner test open") {
    auto suite = open_copy_on_write("suite");
    run("CREATE TEMP TABLE scratch (x)");
    auto nasty = open("suite/nasty");
    sqlite3_hard_heap_limit64(1);
    CHECK(failure(nasty).find("it changed PRAGMA hard_heap_limit from 0 to 1\n") !=
          std::string::npos);
    auto next = open("suite/next");
    CHECK(rows() == 1);
    CHECK(failure(next) == "");
    run("DROP TABLE scratch");
    CHECK(failure(suite) == "");
}

TEST_CASE_FIXTURE(engine_fixture,
                  "a flag is blamed on the test that set it, before a session in it") {
    auto outer = open_copy_on_write("outer");
    sqlite3_db_config(engine.db().getHandle(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    auto inner = open("outer/inner", mode::copy_on_write);
    CHECK(failure(inner) == "");
    CHECK(failure(outer).find("it changed SQLITE_DBCONFIG_DQS_DML from 1 to 0\n") !=
          std::string::npos);
    auto next = open("next");
    CHECK(failure(next) == "");
}

TEST_CASE_FIXTURE(engine_fixture,
                  "a statement left on a connection that a session inside replaced is a test's") {
    auto suite = open_copy_on_write("suite");
    sqlite3_stmt* left = nullptr;
    auto first = open("suite/first", mode::copy_on_write);
    {
        auto inside = open("suite/first/inside", mode::copy_on_write);
        run("CREATE TEMP TABLE leaked (a)");
        CHECK(failure(inside) != "");
        sqlite3_prepare_v2(engine.db().getHandle(), "SELECT 1 UNION ALL SELECT 2", -1, &left,
                           nullptr);
        sqlite3_step(left);
    }
    CHECK(failure(first).find("it left the statement \"SELECT 1 UNION ALL SELECT 2\" open") !=
          std::string::npos);
    auto second = open("suite/second", mode::copy_on_write);
    run("CREATE TEMP TABLE also_leaked (a)");
    CHECK(failure(second).find("suite around it") == std::string::npos);
    CHECK(failure(suite) == "");
    sqlite3_finalize(left);
}
