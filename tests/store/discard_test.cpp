#include "connection.hpp"
#include "store/directory.hpp"

#include <doctest/doctest.h>

#include <ostream>

// What connections that stay open see of checkpoints and discards.

using namespace isolite::store;
using isolite::store::tests::connection;
using isolite::store::tests::cursor;
using isolite::store::tests::outcome;
using isolite::store::tests::unique_name;

namespace {

/// A database with three connections and, unless it starts empty, a few pages of rows.
struct discard_fixture {
    std::string name = unique_name("discarded");
    std::shared_ptr<store> file;
    connection first;
    connection second;
    connection third;

    explicit discard_fixture(bool filled = true)
        : file(directory::of_process().create(name, nullptr)), first(name), second(name),
          third(name) {
        if (filled) {
            first.rows("CREATE TABLE t(a INTEGER PRIMARY KEY, b);"
                       "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n "
                       "WHERE i < 100) INSERT INTO t SELECT i, printf('%0400d', i) FROM n");
        }
    }

    [[nodiscard]] std::string count(connection& reader) const {
        return reader.value("SELECT count(*) FROM t");
    }
    void check_sound() {
        for (connection* reader : {&first, &second, &third}) {
            CHECK(reader->value("PRAGMA integrity_check") == "'ok'");
        }
    }
};

/// When the constructor of a virtual table meets the lost lock, SQLite puts off forgetting the
/// schema of the transaction that it rolls back. Only a cookie that differs from the one which that
/// transaction had counted up to makes the connection look again.
struct uncommitted_schema : discard_fixture {
    std::vector<std::string> before;

    uncommitted_schema() {
        first.rows("CREATE TABLE gap(a); CREATE VIRTUAL TABLE f USING fts5(a); DROP TABLE gap");
        before = first.dump();
    }
    void break_off() {
        second.rows("BEGIN; CREATE TABLE uncommitted(a)");
        CHECK(file->discard() == 1);
        CHECK(is_io_error(second.run("INSERT INTO f VALUES ('w')")));
        REQUIRE(sqlite3_get_autocommit(second.handle()) == 1);
    }
};

/// Brings the connection's pager to where it holds the given lock within a transaction.
void lock(connection& holder, const std::string& level) {
    if (level == "shared") {
        holder.rows("BEGIN; SELECT count(*) FROM t");
    } else if (level == "reserved") {
        holder.rows("BEGIN; UPDATE t SET b = 'reserved' WHERE a < 50");
    } else {
        holder.rows("PRAGMA cache_size = 2; BEGIN; UPDATE t SET b = printf('%0500d', a)");
    }
}

} // namespace

TEST_SUITE("discard: what connections see") {
    TEST_CASE("every connection sees the checkpoint again") {
        discard_fixture database;
        REQUIRE(database.file->checkpoint());
        database.first.rows("DELETE FROM t WHERE a > 10");
        database.second.rows("INSERT INTO t VALUES (1000, 'x')");
        REQUIRE(database.count(database.third) == "11");
        CHECK(database.file->discard() == 0);
        CHECK(database.count(database.first) == "100");
        CHECK(database.count(database.second) == "100");
        CHECK(database.count(database.third) == "100");
        database.check_sound();
    }

    TEST_CASE("a schema cookie that came back by itself is changed all the same") {
        using change = std::string (*)(discard_fixture&);
        const change came_back[] = {
            [](discard_fixture& database) -> std::string {
                sqlite3* const handle = database.first.handle();
                sqlite3_db_config(handle, SQLITE_DBCONFIG_RESET_DATABASE, 1, nullptr);
                database.first.rows("VACUUM");
                sqlite3_db_config(handle, SQLITE_DBCONFIG_RESET_DATABASE, 0, nullptr);
                return "CREATE TABLE u(a)";
            },
            [](discard_fixture&) -> std::string {
                return "CREATE TABLE u(a); CREATE TABLE v(a); DROP TABLE v";
            },
        };
        for (const change make : came_back) {
            discard_fixture database;
            const auto before = database.first.dump();
            const std::string cookie = database.first.value("PRAGMA schema_version");
            REQUIRE(database.file->checkpoint());
            database.first.rows(make(database));
            database.first.rows("PRAGMA schema_version = " + cookie + "; SELECT * FROM u");
            REQUIRE(database.second.value("PRAGMA schema_version") == cookie);
            database.second.rows("SELECT * FROM u");
            const auto generation = database.file->schema_generation();
            CHECK(database.file->discard() == 0);
            CHECK(database.file->schema_generation() == generation + 1);
            for (connection* each : {&database.first, &database.second, &database.third}) {
                CHECK(each->run("SELECT * FROM u").message == "no such table: u");
                CHECK(each->dump() == before);
            }
            database.check_sound();
        }
    }

    TEST_CASE("a row of a discarded layer is not seen in the next layer") {
        discard_fixture database;
        for (int round = 0; round < 20; ++round) {
            CAPTURE(round);
            REQUIRE(database.file->checkpoint());
            // As many commits as in the last round: the counters would meet if they went back.
            database.first.rows("UPDATE t SET b = 'round " + std::to_string(round) + "'");
            CHECK(database.second.value("SELECT DISTINCT b FROM t") ==
                  "'round " + std::to_string(round) + "'");
            database.file->discard();
        }
        database.check_sound();
    }

    TEST_CASE(
        "a connection that slept through a discard does not take the next layer for the last") {
        discard_fixture database;
        for (const std::string value : {"'one'", "'two'"}) {
            REQUIRE(database.file->checkpoint());
            database.first.rows("UPDATE t SET b = " + value);
            // The second connection reads each layer and knows nothing of the discard between.
            CHECK(database.second.value("SELECT DISTINCT b FROM t") == value);
            database.file->discard();
        }
    }

    TEST_CASE("a schema of a discarded layer is not used in the next layer") {
        // Without a new cookie, the same number of schema changes gives the same cookie again, and
        // a connection that read the first layer would read the second one by the wrong schema.
        discard_fixture database;
        REQUIRE(database.file->checkpoint());
        database.first.rows("CREATE TABLE u(a, b); INSERT INTO u VALUES (1, 2)");
        REQUIRE(database.second.value("SELECT a, b FROM u") == "1|2");
        database.file->discard();
        REQUIRE(database.file->checkpoint());
        database.first.rows("CREATE TABLE u(b, a, c); INSERT INTO u VALUES (1, 2, 3)");
        CHECK(database.second.value("SELECT a, b, c FROM u") == "2|1|3");
        CHECK(database.second.run("SELECT rowid, d FROM u").message == "no such column: d");
        database.check_sound();
    }

    TEST_CASE("a table of a discarded layer is gone for those who prepared statements on it") {
        discard_fixture database;
        REQUIRE(database.file->checkpoint());
        database.first.rows("CREATE TABLE u(a); INSERT INTO u VALUES (1)");
        cursor kept(database.second.handle(), "SELECT * FROM u");
        REQUIRE(kept.step().rows.size() == 1);
        kept.reset();
        database.file->discard();
        CHECK(kept.step().message == "no such table: u");
    }

    TEST_CASE("a statement that was prepared before the checkpoint can be kept") {
        discard_fixture database;
        cursor kept(database.second.handle(), "SELECT count(*) FROM t");
        for (int round = 0; round < 3; ++round) {
            REQUIRE(database.file->checkpoint());
            database.first.rows("DELETE FROM t WHERE a < 50; ALTER TABLE t ADD COLUMN c");
            CHECK(kept.step().rows.front() == "51");
            kept.reset();
            database.file->discard();
            CHECK(kept.step().rows.front() == "100");
            kept.reset();
        }
    }

    TEST_CASE(
        "an empty database is empty again, and what comes next is not mistaken for the past") {
        discard_fixture database(false);
        for (const std::string column : {"a", "b", "a", "c"}) {
            CAPTURE(column);
            REQUIRE(database.file->checkpoint());
            connection fresh(database.name); // knows nothing of the counters of the past
            fresh.rows("CREATE TABLE t(" + column + "); INSERT INTO t VALUES ('" + column + "')");
            CHECK(database.second.run("SELECT " + column + " FROM t").rows ==
                  std::vector<std::string>{"'" + column + "'"});
            database.check_sound();
            database.file->discard();
            CHECK(database.file->size() == 0);
        }
        CHECK(database.second.run("SELECT * FROM t").message == "no such table: t");
        CHECK(database.third.value("SELECT count(*) FROM sqlite_schema") == "0");
    }

    TEST_CASE("a discard undoes a change of the page size") {
        discard_fixture database;
        REQUIRE(database.file->checkpoint());
        database.first.rows("PRAGMA page_size = 1024; VACUUM; DELETE FROM t");
        REQUIRE(database.count(database.second) == "0");
        database.file->discard();
        CHECK(database.count(database.first) == "100");
        CHECK(database.count(database.second) == "100");
        CHECK(database.third.value("PRAGMA page_size") == "4096");
        database.check_sound();
    }
}

TEST_SUITE("discard: open transactions") {
    TEST_CASE("a reader that lost its lock fails at its next read, then sees the checkpoint") {
        discard_fixture database;
        REQUIRE(database.file->checkpoint());
        database.first.rows("DELETE FROM t WHERE a > 90");
        database.second.rows("PRAGMA cache_size = 1");
        cursor reading(database.second.handle(), "SELECT a, b FROM t");
        REQUIRE(reading.step(1).code == SQLITE_ROW);
        CHECK(database.file->discard() == 1);
        CHECK(is_io_error(reading.step()));
        reading.reset();
        CHECK(database.count(database.second) == "100");
        database.check_sound();
    }

    TEST_CASE("a transaction that lost its lock cannot be committed, and waiting does not help") {
        for (const std::string journal : {"DELETE", "TRUNCATE", "PERSIST", "MEMORY"}) {
            for (const std::string level : {"reserved", "exclusive"}) {
                CAPTURE(journal);
                CAPTURE(level);
                discard_fixture database;
                database.second.rows("PRAGMA journal_mode = " + journal);
                REQUIRE(database.file->checkpoint());
                lock(database.second, level);
                int asked = 0;
                sqlite3_busy_handler(
                    database.second.handle(),
                    [](void* count, int) {
                        ++*static_cast<int*>(count);
                        return 0;
                    },
                    &asked);
                CHECK(database.file->discard() == 1);
                const outcome committed = database.second.run("COMMIT");
                CHECK_MESSAGE(is_io_error(committed), committed.text());
                CHECK(asked == 0);
                (void)database.second.run("ROLLBACK");
                CHECK(sqlite3_get_autocommit(database.second.handle()) == 1);
                CHECK(database.second.value("SELECT count(*) FROM t WHERE length(b) = 400") ==
                      "100");
                database.check_sound();
            }
        }
    }

    TEST_CASE("a connection that lost its lock is told no size of the file") {
        discard_fixture database;
        REQUIRE(database.file->checkpoint());
        lock(database.second, "shared");
        sqlite3_file* file = nullptr;
        sqlite3_file_control(database.second.handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
        sqlite3_int64 size = 0;
        REQUIRE(file->pMethods->xFileSize(file, &size) == SQLITE_OK);
        REQUIRE(database.file->discard() == 1);
        CHECK(file->pMethods->xFileSize(file, &size) == SQLITE_IOERR_FSTAT);
        static_cast<void>(database.second.run("ROLLBACK"));
        CHECK(file->pMethods->xFileSize(file, &size) == SQLITE_OK);
    }

    TEST_CASE("a connection that lost its lock may roll back and begin again") {
        for (const std::string journal : {"DELETE", "TRUNCATE", "PERSIST", "MEMORY"}) {
            for (const std::string level : {"shared", "reserved", "exclusive"}) {
                CAPTURE(journal);
                CAPTURE(level);
                discard_fixture database;
                database.second.rows("PRAGMA journal_mode = " + journal);
                REQUIRE(database.file->checkpoint());
                lock(database.second, level);
                CHECK(database.file->discard() == 1);
                (void)database.second.run("ROLLBACK");
                CHECK(database.count(database.second) == "100");
                database.second.rows("BEGIN; DELETE FROM t; COMMIT");
                CHECK(database.count(database.first) == "0");
                database.check_sound();
            }
        }
    }

    TEST_CASE("the journal of a transaction that was broken off is not rolled back by others") {
        // It holds pages of the discarded layer, and the change counter of its time.
        for (const std::string journal : {"DELETE", "TRUNCATE", "PERSIST"}) {
            for (const std::string level : {"reserved", "exclusive"}) {
                CAPTURE(journal);
                CAPTURE(level);
                discard_fixture database;
                database.second.rows("PRAGMA journal_mode = " + journal);
                const auto before = database.first.dump();
                REQUIRE(database.file->checkpoint());
                database.first.rows("UPDATE t SET b = 'layer'");
                lock(database.second, level);
                CHECK(database.file->discard() == 1);
                CHECK(database.first.dump() == before);
                CHECK(database.third.dump() == before);
                (void)database.second.run("ROLLBACK");
                CHECK(database.second.dump() == before);
                database.check_sound();
            }
        }
    }

    TEST_CASE("a transaction that was broken off leaves the journal of the next one alone") {
        for (const std::string journal : {"DELETE", "TRUNCATE", "PERSIST"}) {
            for (const std::string level : {"reserved", "exclusive"}) {
                CAPTURE(journal);
                CAPTURE(level);
                discard_fixture database;
                database.second.rows("PRAGMA journal_mode = " + journal);
                database.first.rows("PRAGMA journal_mode = " + journal);
                REQUIRE(database.file->checkpoint());
                lock(database.second, level);
                CHECK(database.file->discard() == 1);
                lock(database.first, level);
                (void)database.second.run("UPDATE t SET b = 'too late'");
                (void)database.second.run("ROLLBACK");
                SUBCASE("which commits") {
                    CHECK(database.first.run("COMMIT").text() == "code 0");
                    CHECK(database.second.value("SELECT count(*) FROM t WHERE length(b) = 400") ==
                          (level == "reserved" ? "51" : "0"));
                }
                SUBCASE("which rolls back") {
                    CHECK(database.first.run("ROLLBACK").text() == "code 0");
                    CHECK(database.second.value("SELECT count(*) FROM t WHERE length(b) = 400") ==
                          "100");
                }
                database.check_sound();
            }
        }
    }

    TEST_CASE("a schema that was never committed is not taken for that of the checkpoint") {
        uncommitted_schema database;
        REQUIRE(database.file->checkpoint());
        database.first.rows("CREATE TABLE u(a); VACUUM");
        database.break_off();
        CHECK(database.second.dump() == database.before);
        database.check_sound();
    }

    TEST_CASE("a schema that was never committed is not taken for that of the next layer") {
        uncommitted_schema database;
        REQUIRE(database.file->checkpoint());
        database.break_off();
        REQUIRE(database.file->checkpoint());
        database.first.rows("CREATE TABLE committed(a)");
        CHECK(database.second.value("SELECT count(*) FROM committed") == "0");
        database.check_sound();
    }

    TEST_CASE("a cursor that needs nothing more from the file ends in peace") {
        discard_fixture database;
        cursor reading(database.second.handle(), "SELECT a FROM t WHERE a = 1");
        REQUIRE(database.file->checkpoint());
        REQUIRE(reading.step(1).code == SQLITE_ROW);
        CHECK(database.file->discard() == 1);
        CHECK(reading.step().code == SQLITE_DONE);
        CHECK(database.count(database.second) == "100");
    }

    TEST_CASE("a connection that lost its lock may be closed") {
        discard_fixture database;
        REQUIRE(database.file->checkpoint());
        {
            connection victim(database.name);
            lock(victim, "exclusive");
            CHECK(database.file->discard() == 1);
        }
        CHECK(database.count(database.first) == "100");
        CHECK(database.file->active_holders() == 0);
        database.check_sound();
    }

    TEST_CASE(
        "a connection in exclusive locking mode sees the checkpoint when it leaves that mode") {
        discard_fixture database;
        REQUIRE(database.file->checkpoint());
        database.second.rows("PRAGMA locking_mode = EXCLUSIVE; DELETE FROM t");
        CHECK(database.file->discard() == 1);
        CHECK(is_io_error(database.second.run("INSERT INTO t VALUES (1, 'x')")));
        database.second.rows("PRAGMA locking_mode = NORMAL");
        (void)database.second.run("SELECT * FROM t"); // unlocks afterwards
        CHECK(database.count(database.second) == "100");
        CHECK(database.count(database.first) == "100");
        database.check_sound();
    }

    TEST_CASE("an attached database keeps its own part when the main one loses its lock") {
        discard_fixture database;
        const std::string other = unique_name("attached");
        database.first.rows("ATTACH '" + other + "' AS second; CREATE TABLE second.u(a)");
        REQUIRE(database.file->checkpoint());
        database.first.rows("BEGIN; INSERT INTO second.u VALUES (1); DELETE FROM t");
        CHECK(database.file->discard() == 1);
        CHECK(is_io_error(database.first.run("COMMIT")));
        (void)database.first.run("ROLLBACK");
        CHECK(database.count(database.first) == "100");
        CHECK(connection(other).value("SELECT count(*) FROM u") == "0");
        database.check_sound();
    }
}
