#include "engine_fixture.hpp"

#include <optional>

using isolite::mode;

TEST_CASE_FIXTURE(engine_fixture, "what a suite writes is there for each test and gone with it") {
    auto suite = open_copy_on_write("suite");
    run("INSERT INTO t VALUES (2, 'of the suite')");
    for (const mode each : {mode::rollback, mode::copy_on_write, mode::rollback}) {
        auto test = open("suite/test", each);
        CHECK(rows() == 2);
        run("DELETE FROM t");
        CHECK(rows() == 0);
        CHECK(failure(test) == "");
        CHECK(rows() == 2);
    }
    CHECK(layers() == 1);
    CHECK(failure(suite) == "");
    CHECK(rows() == 1);
    CHECK(layers() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "suites nest in suites") {
    auto outer = open_copy_on_write("outer");
    run("INSERT INTO t VALUES (2, 'outer')");
    for (int i = 0; i < 2; ++i) {
        auto inner = open_copy_on_write("outer/inner");
        run("INSERT INTO t VALUES (3, 'inner')");
        auto test = open("outer/inner/test");
        run("DELETE FROM t");
        CHECK(failure(test) == "");
        CHECK(rows() == 3);
        CHECK(failure(inner) == "");
        CHECK(rows() == 2);
    }
    CHECK(failure(outer) == "");
    CHECK(rows() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "a session inside one of mode rollback is a savepoint of it") {
    auto outer = open("outer");
    run("INSERT INTO t VALUES (2, 'outer')");
    auto inner = open("inner");
    run("DELETE FROM t");
    auto innermost = open("innermost");
    run("INSERT INTO t VALUES (9, 'innermost')");
    CHECK(failure(innermost) == "");
    CHECK(rows() == 0);
    CHECK(failure(inner) == "");
    CHECK(rows() == 2);
    CHECK(failure(outer) == "");
    CHECK(rows() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "an inner test that ends the outer one's transaction is blamed") {
    auto outer = open("outer");
    auto inner = open("inner");
    run("INSERT INTO t VALUES (2, 'leaked'); COMMIT");
    CHECK(failure(inner) ==
          "cannot end 'inner' with a clean database: it ended the transaction of the session "
          "around it with \"COMMIT\"\n"
          "  hint: use SAVEPOINT and RELEASE in it, or open both sessions with "
          "isolite::mode::copy_on_write");
    CHECK(failure(outer).find("cannot end 'outer' with a clean database: it committed changes to "
                              "the database 's' with \"COMMIT\"\n  table t: 1 row added") == 0);
    CHECK(rows() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "a session of copy_on_write does not open in a transaction") {
    auto outer = open("orders");
    const auto inner = isolite::session::open(engine, "orders/first", mode::copy_on_write);
    REQUIRE(!inner);
    CHECK(inner.error().code == isolite::errc::usage);
    CHECK(inner.error().text() ==
          "cannot open a session for 'orders/first': the session of 'orders' around it is a "
          "transaction\n"
          "  hint: open the outer session with isolite::mode::copy_on_write");
    CHECK(failure(outer) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a suite that left its transaction open is named") {
    auto suite = open_copy_on_write("orders");
    run("BEGIN");
    const auto test = isolite::session::open(engine, "orders/first");
    REQUIRE(!test);
    CHECK(test.error().text() ==
          "cannot open a session for 'orders/first': the connection is inside a transaction\n"
          "  hint: end what 'orders' began before opening a session inside it");
    run("ROLLBACK");
    CHECK(failure(suite) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a session that is closed before the one inside it is named") {
    auto outer = open_copy_on_write("orders");
    run("INSERT INTO t VALUES (2, 'of the suite')");
    auto inner = open("orders/first");
    run("DELETE FROM t");
    const auto closed = outer.close();
    REQUIRE(!closed);
    CHECK(closed.error().code == isolite::errc::usage);
    CHECK(closed.error().text() ==
          "cannot close the session of 'orders': the session of 'orders/first' inside it is still "
          "open\n"
          "  hint: close sessions in the reverse order of their opening");
    CHECK(rows() == 1);
    CHECK(failure(inner) == ""); // which is closed too
    auto next = open("the next");
    CHECK(failure(next) == "");
    CHECK(layers() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "a leak inside a suite is blamed on the test and put right") {
    auto suite = open_copy_on_write("suite");
    run("INSERT INTO t VALUES (2, 'of the suite')");
    auto test = open("suite/test");
    run("DELETE FROM t WHERE id = 1; COMMIT; CREATE TEMP TABLE scratch (a)");
    CHECK(failure(test) ==
          "cannot end 'suite/test' with a clean database: it committed changes to the database "
          "'s' with \"COMMIT\"; it left the temporary table 'scratch' behind\n"
          "  table t: 1 row removed\n"
          "    - id=1, v='seeded'\n"
          "  hint: use copy_on_write for code that commits or opens connections of its own: "
          "decorate the test with isolated(isolite::mode::copy_on_write)");
    CHECK(rows() == 2);
    CHECK(value("SELECT count(*) FROM sqlite_temp_master") == "0");
    CHECK(failure(suite) == "");
    CHECK(rows() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "what a suite does to its connection is there for its tests") {
    const std::string cache_size = value("PRAGMA cache_size");
    auto suite = open_copy_on_write("suite");
    run("PRAGMA cache_size = 77; CREATE TEMP TABLE scratch (a); INSERT INTO scratch VALUES (1);"
        "ATTACH ':memory:' AS aside; CREATE TABLE aside.t (a)");
    for (const mode each : {mode::rollback, mode::copy_on_write}) {
        auto quiet = open("suite/quiet", each);
        CHECK(failure(quiet) == "");
        auto noisy = open("suite/noisy", each);
        run(each == mode::rollback ? "COMMIT" : "SELECT 1");
        run("PRAGMA cache_size = 10; CREATE TEMP TABLE more (a); ATTACH ':memory:' AS more");
        CHECK(failure(noisy) ==
              "cannot end 'suite/noisy' with a clean database: it changed PRAGMA cache_size from "
              "77 to 10; it left the temporary table 'more' behind; it left the database 'more' "
              "attached\n"
              "  hint: undo in the test what it did to its connection, for instance in a "
              "destructor");
        CHECK(value("PRAGMA cache_size") == "77");
        CHECK(value("SELECT count(*) FROM scratch") == "1");
        CHECK(value("SELECT count(*) FROM aside.t") == "0");
    }
    CHECK(failure(suite) ==
          "cannot end 'suite' with a clean database: it changed PRAGMA cache_size from " +
              cache_size +
              " to 77; it left the temporary table 'scratch' behind; it left the database 'aside' "
              "attached\n"
              "  hint: undo in the test what it did to its connection, for instance in a "
              "destructor");
    CHECK(value("PRAGMA cache_size") == cache_size);
}

TEST_CASE_FIXTURE(engine_fixture, "a suite whose test was cut off has lost what it held") {
    std::optional<isolite::session> suite(open_copy_on_write("suite"));
    run("INSERT INTO t VALUES (2, 'of the suite')");
    auto test = open("suite/cut off");
    REQUIRE(isolite::session::abandon(engine, "suite/cut off"));
    const auto next = isolite::session::open(engine, "suite/next");
    REQUIRE(!next);
    CHECK(next.error().code == isolite::errc::usage);
    CHECK(next.error().text() ==
          "cannot open a session for 'suite/next': what the session around it held was lost when "
          "'suite/cut off' was cut off\n"
          "  hint: nothing can be saved of a database in the middle of a call: run the tests again "
          "without 'suite/cut off'");
    CHECK(failure(test) == "");
    CHECK(failure(*suite) == "");
    auto later = open("later");
    CHECK(rows() == 1);
    CHECK(failure(later) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a suite whose own set-up was cut off has lost nothing") {
    auto suite = open_copy_on_write("suite");
    REQUIRE(isolite::session::abandon(engine, "suite"));
    auto next = open("next");
    CHECK(failure(next) == "");
    CHECK(failure(suite) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "what another connection writes between two tests of a suite "
                                  "belongs to the suite") {
    auto suite = open_copy_on_write("suite");
    SQLite::Database other(engine.uri(), SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
    auto first = open("suite/first");
    CHECK(failure(first) == "");
    other.exec("INSERT INTO t VALUES (2, 'of the suite')");
    auto second = open("suite/second");
    CHECK(rows() == 2);
    CHECK(failure(second) == "");
    CHECK(failure(suite) == "");
    CHECK(rows() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "a connection in the middle of writing keeps a test from "
                                  "beginning") {
    auto suite = open_copy_on_write("suite");
    SQLite::Database other(engine.uri(), SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
    other.exec("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN;"
               "CREATE TABLE big (a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM "
               "n WHERE i < 200) INSERT INTO big SELECT zeroblob(4000) FROM n");
    const auto test = isolite::session::open(engine, "suite/test");
    REQUIRE(!test);
    CHECK(test.error().code == isolite::errc::database);
    CHECK(test.error().text() ==
          "cannot open a session for 'suite/test': another connection is in the middle of writing "
          "a transaction\n"
          "  hint: end it, or join its thread, before the test that began it ends");
    other.exec("ROLLBACK");
    auto next = open("suite/next");
    CHECK(failure(next) == "");
    CHECK(failure(suite) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a suite that changed a PRAGMA is blamed for that alone") {
    for (const auto inner : {isolite::mode::rollback, isolite::mode::copy_on_write}) {
        auto suite = open_copy_on_write("suite");
        run("PRAGMA recursive_triggers = ON");
        auto test = open("suite/test", inner);
        CHECK(failure(test) == "");
        CHECK(failure(suite) == "cannot end 'suite' with a clean database: it changed PRAGMA "
                                "recursive_triggers from 0 to 1\n  hint: undo in the test what it "
                                "did to its connection, for instance in a destructor");
    }
}

TEST_CASE_FIXTURE(engine_fixture,
                  "a test that changes a connection which its suite needs says so, and the next") {
    auto suite = open_copy_on_write("suite");
    SQLite::Statement cursor(engine.db(), "SELECT v FROM t");
    REQUIRE(cursor.executeStep());
    auto test = open("suite/first");
    run("PRAGMA cache_size = 7");
    CHECK(failure(test) ==
          "cannot end 'suite/first' with a clean database: it changed PRAGMA cache_size from -2000 "
          "to 7; it cannot be given a new connection here: the suite around it is in the middle of "
          "the statement \"SELECT v FROM t\"\n  hint: keep statements of a suite with statement() "
          "or kept<>(), attach databases with seed::attach, and undo in the test what it does to "
          "its connection");
    const auto next = isolite::session::open(engine, "suite/second");
    REQUIRE(!next);
    CHECK(next.error().text() ==
          "cannot open a session for 'suite/second': 'suite/first' changed the connection, which "
          "stays so as long as 'suite' runs\n  hint: see what 'suite/first' failed with");
    cursor.reset();
    CHECK(failure(suite) == "");
    auto later = open("later");
    CHECK(value("PRAGMA cache_size") == "-2000");
    CHECK(failure(later) == "");
}

TEST_CASE_FIXTURE(engine_fixture,
                  "a session that cannot begin leaves the one around it as it was") {
    auto suite = open_copy_on_write("suite");
    run("INSERT INTO t VALUES (2, 'of the suite')");
    const auto refuse = [](void*, int action, const char* word, const char*, const char*,
                           const char*) {
        const bool begins = action == SQLITE_TRANSACTION && std::string(word) == "BEGIN";
        return begins ? SQLITE_DENY : SQLITE_OK;
    };
    sqlite3_set_authorizer(engine.db().getHandle(), refuse, nullptr);
    const auto test = isolite::session::open(engine, "suite/test");
    REQUIRE(!test);
    CHECK(test.error().message.find("BEGIN failed") != std::string::npos);
    CHECK(rows() == 2);
    CHECK(layers() == 1);
    CHECK(failure(suite).find("it replaced the connection's authorizer") != std::string::npos);
    CHECK(rows() == 1);
    auto next = open("the next");
    CHECK(failure(next) == "");
}

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
    static_cast<void>(suite.close());
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
    engine.db().exec("INSERT INTO t VALUES (2, 'of the suite')");
    auto test = isolite::session::open(engine, "suite/test");
    engine.db().exec("PRAGMA cache_size = 9");
    CHECK(failure(*test).find("it changed PRAGMA cache_size from -2000 to 9\n") !=
          std::string::npos); // and did not leave what on_connect had made
    CHECK(!isolite::session::open(engine, "suite/told").has_value() == (calls < 3));
    auto next = isolite::session::open(engine, "suite/next");
    REQUIRE(next);
    CHECK(engine.value<int>("SELECT count(*) FROM t") == 2);
    CHECK(engine.value<int>("SELECT count(*) FROM cache") == 0);
    CHECK(engine.value<int>("SELECT last_insert_rowid()") == 2);
    CHECK(failure(*next) == "");
    CHECK(failure(*suite) == "");
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
