#include "engine_fixture.hpp"

#include <optional>

#include <chrono>
#include <thread>
#include <vector>

namespace {

struct parents : engine_fixture {
    parents()
        : engine_fixture(isolite::seed("family").sql(
              "CREATE TABLE parent (id INTEGER PRIMARY KEY);"
              "CREATE TABLE child (id INTEGER PRIMARY KEY AUTOINCREMENT,"
              "                    parent REFERENCES parent DEFERRABLE INITIALLY DEFERRED);"
              "INSERT INTO parent VALUES (1); INSERT INTO child (parent) VALUES (1)")) {}
};

struct wal_seeded : engine_fixture {
    wal_seeded()
        : engine_fixture(isolite::seed("w").sql("PRAGMA journal_mode = WAL; CREATE TABLE t (a);"
                                                "INSERT INTO t VALUES (1)")) {}
};

SQLite::Database connected(const isolite::engine& engine) {
    auto connection = engine.connect();
    if (!connection) {
        FAIL(connection.error().text());
    }
    return std::move(*connection);
}

} // namespace

TEST_CASE_FIXTURE(engine_fixture, "a test in copy_on_write really commits and rolls back") {
    auto session = open_copy_on_write();
    run("BEGIN; INSERT INTO t VALUES (2, 'committed'); COMMIT");
    CHECK(sqlite3_get_autocommit(engine.db().getHandle()) != 0);
    run("BEGIN; DELETE FROM t; ROLLBACK");
    run("SAVEPOINT a; INSERT INTO t VALUES (3, 'saved'); SAVEPOINT b; DELETE FROM t;"
        "ROLLBACK TO b; RELEASE a");
    CHECK(connected(engine).execAndGet("SELECT group_concat(v) FROM t").getString() ==
          "seeded,committed,saved");
    CHECK(failure(session) == "");
    CHECK(rows() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "SQLite::Transaction works in copy_on_write") {
    auto session = open_copy_on_write();
    SQLite::Transaction transaction(engine.db());
    run("DELETE FROM t");
    transaction.commit();
    CHECK(rows() == 0);
    CHECK(failure(session) == "");
    CHECK(rows() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "commit hooks fire in copy_on_write") {
    auto session = open_copy_on_write();
    int commits = 0;
    const auto count = [](void* counter) { return ++*static_cast<int*>(counter), 0; };
    sqlite3_commit_hook(engine.db().getHandle(), count, &commits);
    run("BEGIN; DELETE FROM t; COMMIT; INSERT INTO t VALUES (2, 'new')");
    CHECK(commits == 2);
    sqlite3_commit_hook(engine.db().getHandle(), nullptr, nullptr);
    CHECK(failure(session) == "");
}

TEST_CASE_FIXTURE(parents, "a deferred foreign key fails at COMMIT in copy_on_write") {
    auto session = open_copy_on_write();
    run("BEGIN; INSERT INTO child (parent) VALUES (7)");
    CHECK_THROWS_WITH(run("COMMIT"), "FOREIGN KEY constraint failed");
    run("INSERT INTO parent VALUES (7); COMMIT");
    CHECK(value("SELECT count(*) FROM child") == "2");
    CHECK(failure(session) == "");
    CHECK(value("SELECT count(*) FROM child") == "1");
}

TEST_CASE_FIXTURE(parents, "sequences are put back after copy_on_write") {
    for (int i = 0; i < 2; ++i) {
        auto session = open_copy_on_write();
        run("INSERT INTO child (parent) VALUES (1), (1), (1)");
        CHECK(value("SELECT seq FROM sqlite_sequence") == "4");
        CHECK(failure(session) == "");
        CHECK(value("SELECT seq FROM sqlite_sequence") == "1");
    }
}

TEST_CASE_FIXTURE(engine_fixture, "connections see each other's commits in copy_on_write") {
    auto session = open_copy_on_write();
    SQLite::Database other = connected(engine);
    run("INSERT INTO t VALUES (2, 'new')");
    CHECK(other.execAndGet("SELECT count(*) FROM t").getInt() == 2);
    other.exec("INSERT INTO t VALUES (3, 'other')");
    CHECK(rows() == 3);
    CHECK(failure(session) == "");
    CHECK(rows() == 1);
    CHECK(other.execAndGet("SELECT count(*) FROM t").getInt() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "threads with connections of their own write in copy_on_write") {
    auto session = open_copy_on_write();
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([this, number] {
            SQLite::Database own = connected(engine);
            for (int i = 0; i < 10; ++i) {
                SQLite::Statement insert(own, "INSERT INTO t (v) VALUES (?)");
                insert.bind(1, number);
                insert.exec();
            }
        });
    }
    for (std::thread& each : threads) {
        each.join();
    }
    CHECK(rows() == 41);
    CHECK(failure(session) == "");
    CHECK(rows() == 1);
}

TEST_CASE_FIXTURE(engine_fixture, "kept statements and schemas are good after copy_on_write") {
    SQLite::Database other(engine.uri(), SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
    SQLite::Statement other_count(other, "SELECT count(*) FROM t");
    const auto read = [](SQLite::Statement& query) {
        query.reset();
        query.executeStep();
        const int found = query.getColumn(0).getInt();
        query.reset();
        return found;
    };
    for (const char* change : {"DROP TABLE t", "ALTER TABLE t RENAME TO u",
                               "ALTER TABLE t ADD COLUMN w; INSERT INTO t VALUES (2, 3, 4)",
                               "CREATE TABLE u (a); DELETE FROM t", "VACUUM; DELETE FROM t"}) {
        CHECK(read(engine.statement("SELECT count(*) FROM t")) == 1);
        CHECK(read(other_count) == 1);
        auto session = open_copy_on_write(change);
        run(change);
        CHECK(failure(session) == "");
        CHECK(read(engine.statement("SELECT count(*) FROM t")) == 1);
        CHECK(read(other_count) == 1);
        CHECK(value("SELECT group_concat(name) FROM sqlite_master") == "t");
        CHECK(value("SELECT group_concat(name) FROM pragma_table_info('t')") == "id,v");
    }
}

// SQLite refuses a wrong number of values before it looks whether the schema is still the same.
TEST_CASE_FIXTURE(engine_fixture, "a column that a test adds is unknown to the next test") {
    auto session = open_copy_on_write("adds a column");
    run("ALTER TABLE t ADD COLUMN w");
    CHECK(failure(session) == "");
    auto next = open_copy_on_write("the next");
    run("INSERT INTO t VALUES (2, 'with two values')");
    CHECK(failure(next) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a transaction that a test leaves open is a leak") {
    auto session = open_copy_on_write("orders/first");
    run("BEGIN; COMMIT; BEGIN IMMEDIATE; DELETE FROM t");
    CHECK(failure(session) ==
          "cannot end 'orders/first' with a clean database: it left the transaction open that "
          "\"BEGIN IMMEDIATE\" began\n"
          "  hint: end it in the test with COMMIT or ROLLBACK");
    CHECK(rows() == 1);
    auto next = open("the next");
    CHECK(failure(next) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a statement that a test leaves open is a leak") {
    SQLite::Statement query(engine.db(), "SELECT id FROM t");
    auto session = open_copy_on_write("orders/first");
    query.executeStep();
    CHECK(failure(session) ==
          "cannot end 'orders/first' with a clean database: it left the statement \"SELECT id FROM "
          "t\" open\n"
          "  hint: undo in the test what it did to its connection, for instance in a destructor");
}

TEST_CASE_FIXTURE(engine_fixture, "a database that a test makes is gone after copy_on_write") {
    auto session = open_copy_on_write();
    run("ATTACH 'aside.db' AS aside; CREATE TABLE aside.u (a); DETACH aside");
    run("ATTACH 'aside.db' AS aside; INSERT INTO aside.u VALUES (1); DETACH aside");
    CHECK(failure(session) == "");
    CHECK(isolite::store::directory::of_process().find("aside.db") == nullptr);
}

TEST_CASE_FIXTURE(engine_fixture, "WAL that a test switches on is off after it") {
    for (int i = 0; i < 2; ++i) {
        CHECK(value("PRAGMA journal_mode") != "wal");
        auto session = open_copy_on_write();
        CHECK(value("PRAGMA journal_mode = WAL") == "wal");
        run("INSERT INTO t VALUES (2, 'logged')");
        {
            SQLite::Database other = connected(engine);
            SQLite::Statement query(other, "SELECT count(*) FROM t");
            query.executeStep();
            run("INSERT INTO t VALUES (3, 'while it is read')");
            CHECK(query.getColumn(0).getInt() == 2);
        }
        CHECK(failure(session) == "");
        CHECK(value("PRAGMA journal_mode") != "wal");
        CHECK(rows() == 1);
    }
}

TEST_CASE_FIXTURE(wal_seeded, "a seed in WAL mode keeps it in every session and connection") {
    for (const auto each : {isolite::mode::rollback, isolite::mode::copy_on_write}) {
        CHECK(value("PRAGMA journal_mode") == "wal");
        auto session = open("a test", each);
        run("INSERT INTO t VALUES (2)");
        CHECK(connected(engine).execAndGet("PRAGMA journal_mode").getString() == "wal");
        CHECK(failure(session) == "");
        CHECK(rows() == 1);
    }
    CHECK(value("PRAGMA journal_mode") == "wal");
}

TEST_CASE_FIXTURE(wal_seeded, "what set-up wrote in WAL mode is not taken for a test's") {
    run("INSERT INTO t VALUES (2); CREATE TABLE set_up (a)");
    for (const auto each : {isolite::mode::rollback, isolite::mode::copy_on_write}) {
        auto session = open("a test", each);
        run("INSERT INTO t VALUES (3); CREATE INDEX t_a ON t (a)"); // costs the connection
        CHECK(failure(session) == "");
        CHECK(rows() == 2);
        CHECK(engine.db().tableExists("set_up"));
    }
}

TEST_CASE_FIXTURE(wal_seeded, "readers do not wait for a writer in WAL mode") {
    auto session = open_copy_on_write();
    SQLite::Database reader = connected(engine);
    run("BEGIN IMMEDIATE; INSERT INTO t VALUES (2)");
    CHECK(reader.execAndGet("SELECT count(*) FROM t").getInt() == 1);
    run("COMMIT");
    CHECK(reader.execAndGet("SELECT count(*) FROM t").getInt() == 2);
    CHECK(failure(session) == "");
    CHECK(reader.execAndGet("SELECT count(*) FROM t").getInt() == 1);
}

// A connection that keeps its lock does not ask for it again, and reads on in what it has cached.
TEST_CASE("a lock that a connection keeps from one test to the next costs the connection") {
    for (const char* const journal : {"DELETE", "WAL"}) {
        CAPTURE(journal);
        const auto seed = engine_fixture::seed_of_one_row().sql(
            std::string("PRAGMA journal_mode = ") + journal + ";");
        const auto exclusive = [](SQLite::Database& db) {
            db.exec("PRAGMA locking_mode = EXCLUSIVE");
        };
        std::optional<engine_fixture> at;
        std::optional<isolite::session> suite;
        SUBCASE("of a suite") {
            at.emplace(seed);
            suite.emplace(at->open_copy_on_write("suite"));
            exclusive(at->engine.db());
        }
        SUBCASE("of a suite that has read") {
            at.emplace(seed);
            suite.emplace(at->open_copy_on_write("suite"));
            exclusive(at->engine.db());
            CHECK(at->rows() == 1);
        }
        SUBCASE("of on_connect") {
            at.emplace(isolite::seed(seed).on_connect(exclusive));
        }
        for (const auto each : {isolite::mode::copy_on_write, isolite::mode::rollback,
                                isolite::mode::copy_on_write, isolite::mode::copy_on_write}) {
            auto test = at->open("test", each);
            CHECK(at->rows() == 1);
            at->run("INSERT INTO t VALUES (2, 'of a test')");
            CHECK(at->rows() == 2);
            CHECK(at->value("PRAGMA locking_mode") == "exclusive");
            CHECK(failure(test) == "");
        }
        if (suite) {
            CHECK(at->rows() == 1);
            CHECK(failure(*suite) != "");
        }
    }
}
