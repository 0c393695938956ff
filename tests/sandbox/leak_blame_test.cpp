// What a test is told that leaks, word for word: who did it, and what else was left.

#include "leaking_shop.hpp"

#include <optional>

// Who committed it.

TEST_CASE_FIXTURE(shop, "message: a COMMIT is quoted as it was written") {
    CHECK(message_of("DELETE FROM orders WHERE id = 2;\n  commit  TRANSACTION") ==
          committed(" with \"commit TRANSACTION\"",
                    {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
    CHECK(message_of("DELETE FROM orders WHERE id = 2; END") ==
          committed(" with \"END\"",
                    {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: a statement on its own after a ROLLBACK") {
    CHECK(message_of("ROLLBACK; DELETE FROM orders WHERE id = 2") ==
          committed(" with \"DELETE FROM orders WHERE id = 2\", after \"ROLLBACK\" had ended the "
                    "sandbox's transaction",
                    {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: a statement after a ROLLBACK and before another BEGIN") {
    CHECK(message_of("ROLLBACK; DELETE FROM orders WHERE id = 2; BEGIN") ==
          committed(" with \"DELETE FROM orders WHERE id = 2\", after \"ROLLBACK\" had ended the "
                    "sandbox's transaction",
                    {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: a RELEASE after a ROLLBACK") {
    CHECK(message_of("ROLLBACK; SAVEPOINT a; DELETE FROM orders WHERE id = 2; RELEASE a") ==
          committed(" with \"RELEASE a\", after \"ROLLBACK\" had ended the sandbox's transaction",
                    {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: a COMMIT after a COMMIT") {
    CHECK(
        message_of("COMMIT; BEGIN; DELETE FROM orders WHERE id = 2; COMMIT") ==
        committed(with_commit, {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: a conflict that rolled back") {
    CHECK(message_of([&] {
              CHECK_THROWS(run("INSERT OR ROLLBACK INTO orders VALUES (1, 1, '')"));
              run("DELETE FROM orders WHERE id = 2");
          }) ==
          committed(" with \"DELETE FROM orders WHERE id = 2\", after a conflict (ON CONFLICT "
                    "ROLLBACK, RAISE(ROLLBACK)) had ended the sandbox's transaction",
                    {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: a COMMIT that was prepared long ago") {
    SQLite::Statement commit(engine.db(), "/* of a wrapper */ COMMIT");
    auto earlier = open("earlier");
    CHECK(failure(earlier) == "");
    CHECK(message_of([&] {
              run("DELETE FROM orders WHERE id = 2");
              commit.exec();
          }) == committed(with_commit,
                          {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: a comment before a COMMIT") {
    CHECK(
        message_of("DELETE FROM orders WHERE id = 2; -- done\nCOMMIT") ==
        committed(with_commit, {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: another connection") {
    CHECK(message_of([&] { connect().exec("DELETE FROM orders WHERE id = 2"); }) ==
          committed(" with \"DELETE FROM orders WHERE id = 2\" on another connection",
                    {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: no commit of the test before, which changed nothing") {
    CHECK(message_of([&] { connect().exec("UPDATE orders SET note = note WHERE id = 2"); }) == "");
    CHECK(message_of([&] { connect().exec("DELETE FROM orders WHERE id = 2"); }) ==
          committed(" with \"DELETE FROM orders WHERE id = 2\" on another connection",
                    {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: a connection that an earlier test left open") {
    std::optional<SQLite::Database> left;
    auto polluter = open("orders/polluter");
    left.emplace(connect());
    CHECK(failure(polluter) == "");
    auto between = open("orders/between");
    CHECK(failure(between) == "");
    CHECK(message_of([&] { left->exec("DELETE FROM orders WHERE id = 2"); }) ==
          ending("it was disturbed by a connection that 'orders/polluter' left open, which "
                 "committed changes to the database 'shop' with \"DELETE FROM orders WHERE id = 2\""
                 "\n  table orders: 1 row removed"
                 "\n    - id=2, customer=7, note=NULL") +
              "\n  hint: close that connection, or join its thread, in the test that opened it; "
              "seed::strict_connections() fails a test that does not");
}

TEST_CASE_FIXTURE(shop, "message: a BEGIN inside the sandbox") {
    CHECK(message_of([&] { CHECK_THROWS(run("BEGIN IMMEDIATE")); }) ==
          ending("it ran \"BEGIN IMMEDIATE\" inside the sandbox's transaction") + commit_hint);
}

TEST_CASE_FIXTURE(shop, "message: a connection without locks, beneath the sandbox's transaction") {
    SQLite::Database unlocked(engine.uri() + "&nolock=1",
                              SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
    CHECK(message_of([&] {
              run("SELECT * FROM orders");
              CHECK_THROWS_WITH(unlocked.exec("DELETE FROM orders"),
                                "unable to open database file");
          }) == ending("it ran \"DELETE FROM orders\" on another connection while the sandbox's "
                       "transaction had the database locked") +
                    commit_hint);
    CHECK(message_of("SELECT * FROM orders") == "");
}

TEST_CASE_FIXTURE(shop, "message: a copy by sqlite3_backup, which has no statement") {
    CHECK(message_of([&] {
              SQLite::Database target = connect();
              SQLite::Database source(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
              source.exec("CREATE TABLE other (a)");
              sqlite3_backup* const copy =
                  sqlite3_backup_init(target.getHandle(), "main", source.getHandle(), "main");
              sqlite3_backup_step(copy, -1);
              sqlite3_backup_finish(copy);
          })
              .find(ending("it committed changes to the database 'shop' on another connection\n"
                           "  table file: dropped\n")) == 0);
}

// What was left on the connection.

TEST_CASE("message: a deferred foreign key") {
    engine_fixture keys(
        isolite::seed("keys").sql("CREATE TABLE a (id INTEGER PRIMARY KEY);"
                                  "CREATE TABLE b (a REFERENCES a DEFERRABLE INITIALLY DEFERRED)"));
    auto session = keys.open("orders/first");
    keys.run("INSERT INTO b VALUES (7)");
    CHECK(failure(session) ==
          ending("it left the row 1 of 'b' (a=7) without the row of 'a' that it refers to\n"
                 "  hint: the test could never have committed this: insert the missing row, or use "
                 "copy_on_write to see COMMIT fail"));
}

TEST_CASE_FIXTURE(shop, "message: a PRAGMA") {
    CHECK(message_of("PRAGMA recursive_triggers = ON") ==
          ending("it changed PRAGMA recursive_triggers from 0 to 1") + undo_hint);
}

// A test begins with what on_connect sets, and nothing but that is what it has to leave.
TEST_CASE("message: a PRAGMA that on_connect sets") {
    engine_fixture shop(
        isolite::seed("shop")
            .attach("books", isolite::seed("ledger").sql("CREATE TABLE entries (a)"))
            .on_connect([](SQLite::Database& db) {
                db.exec("PRAGMA recursive_triggers = ON; DELETE FROM books.entries");
            }));
    for (int round = 0; round < 2; ++round) {
        auto first = shop.open("orders/first");
        shop.run("PRAGMA automatic_index = OFF");
        CHECK(failure(first) ==
              ending("it changed PRAGMA automatic_index from 1 to 0") + undo_hint);
        auto second = shop.open("orders/first");
        shop.run("PRAGMA recursive_triggers = OFF");
        CHECK(failure(second) ==
              ending("it changed PRAGMA recursive_triggers from 1 to 0") + undo_hint);
        CHECK(shop.value("PRAGMA recursive_triggers") == "1");
    }
}

TEST_CASE_FIXTURE(shop, "message: a PRAGMA of the whole process") {
    CHECK(message_of("PRAGMA soft_heap_limit = 100000000") ==
          ending("it changed PRAGMA soft_heap_limit from 0 to 100000000") + undo_hint);
    CHECK(sqlite3_soft_heap_limit64(-1) == 0);
}

// SQLite keeps the soft limit below the hard one: each is put back to what the test found.
TEST_CASE_FIXTURE(shop, "message: a hard limit of the heap below the program's soft one") {
    constexpr sqlite3_int64 soft = 900'000'000;
    sqlite3_soft_heap_limit64(soft);
    CHECK(message_of([] { sqlite3_hard_heap_limit64(800'000'000); }) ==
          ending("it changed PRAGMA hard_heap_limit from 0 to 800000000") + undo_hint);
    CHECK(sqlite3_hard_heap_limit64(-1) == 0);
    CHECK(sqlite3_soft_heap_limit64(0) == soft);
}

TEST_CASE_FIXTURE(shop, "message: a BEGIN after a test that set a trace of its own") {
    const auto trace = [](unsigned, void*, void*, void*) { return 0; };
    for (const auto each : {isolite::mode::rollback, isolite::mode::copy_on_write}) {
        CHECK(message_of([&] {
                  sqlite3_trace_v2(engine.db().getHandle(), SQLITE_TRACE_STMT, trace, nullptr);
              }) == "");
        const std::string message = message_of([&] { engine.db().tryExec("BEGIN"); }, each);
        CHECK(message.find("\"BEGIN\"") != std::string::npos);
    }
}

TEST_CASE_FIXTURE(shop, "message: an attached database") {
    CHECK(message_of("ATTACH ':memory:' AS aside") ==
          ending("it left the database 'aside' attached") + undo_hint);
}

TEST_CASE_FIXTURE(shop, "message: a TEMP table") {
    CHECK(message_of("CREATE TEMP TABLE scratch (a); COMMIT") ==
          ending("it left the temporary table 'scratch' behind") + undo_hint);
}

TEST_CASE_FIXTURE(shop, "message: a statement that was not reset") {
    SQLite::Statement query(engine.db(), "SELECT id\n  FROM orders");
    CHECK(message_of([&] { query.executeStep(); }) ==
          ending("it left the statement \"SELECT id FROM orders\" open") + undo_hint);
}

TEST_CASE_FIXTURE(shop, "message: a transaction that was not ended in copy_on_write") {
    const std::string hint = "\n  hint: end it in the test with COMMIT or ROLLBACK";
    CHECK(message_of("BEGIN; DELETE FROM orders", isolite::mode::copy_on_write) ==
          ending("it left the transaction open that \"BEGIN\" began") + hint);
    CHECK(message_of("SAVEPOINT a; DELETE FROM orders", isolite::mode::copy_on_write) ==
          ending("it left the transaction open that \"SAVEPOINT a\" began") + hint);
}

TEST_CASE_FIXTURE(shop, "message: another connection in the middle of a statement") {
    for (const auto mode : {isolite::mode::rollback, isolite::mode::copy_on_write}) {
        SQLite::Database other = connect();
        SQLite::Statement query(other, "SELECT id FROM orders");
        CHECK(message_of([&] { query.executeStep(); }, mode) ==
              ending("it left another connection in the middle of \"SELECT id FROM orders\"") +
                  work_hint);
    }
}

TEST_CASE_FIXTURE(shop, "message: a connection of an earlier test in the middle of a statement") {
    std::optional<SQLite::Database> left;
    auto polluter = open("orders/polluter");
    left.emplace(connect());
    CHECK(failure(polluter) == "");
    SQLite::Statement query(*left, "SELECT id FROM orders");
    CHECK(message_of([&] { query.executeStep(); }) ==
          ending("it left a connection that 'orders/polluter' left open in the middle of \"SELECT "
                 "id FROM orders\"") +
              work_hint);
}

TEST_CASE_FIXTURE(shop, "message: another connection in the middle of a transaction") {
    SQLite::Database other = connect();
    CHECK(message_of([&] { other.exec("BEGIN; SELECT * FROM orders"); },
                     isolite::mode::copy_on_write) ==
          ending("it left another connection in the middle of a transaction") + work_hint);
    other.exec("ROLLBACK");
}

// A test that was not told would leave the lock to the next one, which would be.
TEST_CASE("message: a connection that was in the middle of something and began anew") {
    for (const char* const journal : {"DELETE", "WAL"}) {
        CAPTURE(journal);
        engine_fixture at(engine_fixture::seed_of_one_row().sql(
            std::string("PRAGMA journal_mode = ") + journal + ";"));
        auto other = at.engine.connect();
        REQUIRE(other);
        const std::string told = "cannot end 'anew' with a clean database: it left another "
                                 "connection in the middle of a transaction" +
                                 work_hint;
        std::optional<isolite::session> suite;
        SUBCASE("after a test that left it so") {
            auto polluter = at.open("polluter", isolite::mode::copy_on_write);
            other->exec("BEGIN; UPDATE t SET v = 'never committed'");
            CHECK(failure(polluter) != "");
        }
        SUBCASE("which a suite had left it in") {
            suite.emplace(at.open("suite", isolite::mode::copy_on_write));
            other->exec("BEGIN; SELECT * FROM t");
        }
        auto anew = at.open("anew");
        other->exec("ROLLBACK; BEGIN; SELECT * FROM t");
        CHECK(failure(anew) == told);
        auto innocent = at.open("innocent", isolite::mode::copy_on_write);
        at.run("UPDATE t SET v = 'committed'");
        CHECK(failure(innocent) == "");
        suite.reset();
    }
}

TEST_CASE_FIXTURE(shop, "message: a connection kept in WAL mode") {
    std::optional<SQLite::Database> left;
    CHECK(message_of(
              [&] {
                  run("PRAGMA journal_mode = WAL");
                  left.emplace(connect());
                  left->exec("DELETE FROM orders");
              },
              isolite::mode::copy_on_write) ==
          ending("it left a connection open that holds the database in WAL mode\n"
                 "  hint: close the connection in the test, or let the seed set PRAGMA "
                 "journal_mode = WAL"));
}

TEST_CASE_FIXTURE(shop, "message: a database file") {
    CHECK(message_of("ATTACH 'left.db' AS aside; CREATE TABLE aside.t (x); COMMIT; DETACH aside") ==
          ending("it left the database file 'left.db' behind") + undo_hint);
}

TEST_CASE_FIXTURE(shop, "message: pages without a row") {
    CHECK(message_of("COMMIT; CREATE TABLE scratch (a); DROP TABLE scratch") ==
          committed(" with \"CREATE TABLE scratch (a)\", after \"COMMIT\" had ended the sandbox's "
                    "transaction",
                    {"no row differs, but 1 of its pages"}));
}

TEST_CASE_FIXTURE(shop, "message: several things at once") {
    SQLite::Statement query(engine.db(), "SELECT id FROM orders");
    CHECK(message_of([&] {
              run("DELETE FROM orders WHERE id = 2; COMMIT; PRAGMA recursive_triggers = ON");
              query.executeStep();
          }) == ending("it committed changes to the database 'shop' with \"COMMIT\"; it left the "
                       "statement \"SELECT id FROM orders\" open; it changed PRAGMA "
                       "recursive_triggers from 0 to 1\n"
                       "  table orders: 1 row removed\n"
                       "    - id=2, customer=7, note=NULL") +
                    commit_hint);
}

TEST_CASE("message: a database that the seed attaches") {
    engine_fixture fixture(isolite::seed("shop").attach(
        "books", isolite::seed("books").sql("CREATE TABLE entries (id INTEGER PRIMARY KEY)")));
    auto session = fixture.open("orders/first");
    fixture.run("INSERT INTO books.entries VALUES (4); COMMIT");
    CHECK(failure(session) ==
          ending("it committed changes to the database 'shop.books' with \"COMMIT\"\n"
                 "  table entries: 1 row added\n"
                 "    + id=4") +
              commit_hint);
}

TEST_CASE("what was set is named, also where a lock is held that outlives it") {
    engine_fixture at(engine_fixture::seed_of_one_row().sql("PRAGMA journal_mode = WAL"));
    const std::string usual = at.value("PRAGMA max_page_count"); // newer SQLite allows more
    for (const auto each : {isolite::mode::rollback, isolite::mode::copy_on_write}) {
        auto test = at.open("a test", each);
        at.run("PRAGMA temp.max_page_count = 900; PRAGMA locking_mode = EXCLUSIVE;"
               "UPDATE t SET v = 1");
        SUBCASE("with the schema in memory") {}
        SUBCASE("with a schema that has to be read again") {
            at.run("SAVEPOINT s; CREATE TABLE made (a); ROLLBACK TO s; RELEASE s");
        }
        const std::string told = failure(test);
        CHECK(told.find("it changed PRAGMA temp.max_page_count from " + usual +
                        " to 900; it changed PRAGMA locking_mode from normal to exclusive") !=
              std::string::npos);
    }
}
