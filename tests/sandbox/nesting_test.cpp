#include "engine_fixture.hpp"

#include <cstring>
#include <optional>
#include <stdexcept>

using isolite::mode;

// [promise: suites] What a suite writes is there for each of its tests, whatever those do, and gone
// behind it.
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

// [promise: suites]
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
          "open the session with isolite::mode::copy_on_write");
    CHECK(rows() == 2);
    CHECK(value("SELECT count(*) FROM sqlite_temp_master") == "0");
    CHECK(failure(suite) == "");
    CHECK(rows() == 1);
}

TEST_CASE("each PRAGMA that a suite set is so on a new connection") {
    for (const char* const sql : {"analysis_limit = 9",
                                  "automatic_index = OFF",
                                  "busy_timeout = 77",
                                  "cache_size = 7",
                                  "cache_spill = 5000",
                                  "cache_spill = OFF",
                                  "cell_size_check = ON",
                                  "checkpoint_fullfsync = ON",
                                  "count_changes = ON",
                                  "empty_result_callbacks = ON",
                                  "full_column_names = ON",
                                  "fullfsync = ON",
                                  "ignore_check_constraints = ON",
                                  "journal_mode = MEMORY",
                                  "journal_size_limit = 4096",
                                  "legacy_alter_table = ON",
                                  "max_page_count = 900",
                                  "mmap_size = 9000",
                                  "read_uncommitted = ON",
                                  "recursive_triggers = ON",
                                  "reverse_unordered_selects = ON",
                                  "secure_delete = OFF",
                                  "secure_delete = ON",
                                  "secure_delete = FAST",
                                  "short_column_names = OFF",
                                  "synchronous = EXTRA",
                                  "temp_store = FILE",
                                  "temp_store = MEMORY",
                                  "threads = 2",
                                  "trusted_schema = OFF",
                                  "wal_autocheckpoint = 7"}) {
        CAPTURE(std::string(sql));
        engine_fixture at;
        const std::string shown = "PRAGMA " + std::string(sql, std::strchr(sql, ' '));
        auto suite = at.open_copy_on_write("suite");
        at.run(("PRAGMA " + std::string(sql)).c_str());
        const std::string wanted = at.value(shown);
        auto test = at.open("suite/test");
        at.run("CREATE TEMP TABLE x (y); DROP TABLE x");
        CHECK(failure(test) == "");
        CHECK(at.value(shown) == wanted);
        static_cast<void>(failure(suite)); // nobody has put it back
    }
}

TEST_CASE_FIXTURE(engine_fixture, "a PRAGMA of main is the one without a schema") {
    auto first = open("first");
    run("PRAGMA cache_size = 5");
    CHECK(failure(first).find("cache_size from -2000 to 5") != std::string::npos);
    auto suite = open_copy_on_write("suite");
    run("PRAGMA main.cache_size = 6");
    auto test = open("suite/test");
    run("PRAGMA cache_size = 9");
    CHECK(failure(test).find("cache_size from 6 to 9") != std::string::npos);
    CHECK(value("PRAGMA cache_size") == "6");
    CHECK(failure(suite).find("cache_size from -2000 to 6") != std::string::npos);
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

TEST_CASE("what a suite set is there also where on_connect threw when it ran again") {
    int throws = 0; // how often
    isolite::engine engine =
        opened(engine_fixture::seed_of_one_row().on_connect([&throws](SQLite::Database&) {
            if (throws > 0) {
                --throws;
                throw std::runtime_error("not now");
            }
        }));
    const auto set = [&engine] {
        return engine.value<int>("PRAGMA cache_size") +
               100 * engine.value<int>("PRAGMA recursive_triggers");
    };
    auto suite = isolite::session::open(engine, "suite", mode::copy_on_write);
    engine.db().exec("PRAGMA cache_size = 77; PRAGMA recursive_triggers = ON");
    for (const int times : {1, 4}) {
        CAPTURE(times);
        auto culprit = isolite::session::open(engine, "suite/culprit");
        engine.db().exec("CREATE TABLE more (a)");
        throws = times;
        CHECK(failure(*culprit) == "");
        while (throws > 0) {
            CHECK(!isolite::session::open(engine, "suite/meets on_connect"));
        }
        for (const char* name : {"suite/next", "suite/last"}) {
            auto next = isolite::session::open(engine, name);
            REQUIRE(next);
            CHECK(set() == 177);
            engine.db().exec("CREATE TABLE more (a)");
            CHECK(failure(*next) == "");
        }
    }
    CHECK(set() == 177);
    CHECK(failure(*suite) ==
          "cannot end 'suite' with a clean database: it changed PRAGMA cache_size from -2000 to "
          "77; it changed PRAGMA recursive_triggers from 0 to 1\n  hint: undo in the test what it "
          "did to its connection, for instance in a destructor");
    auto later = isolite::session::open(engine, "later");
    CHECK(set() == -2000);
    CHECK(failure(*later) == "");
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
