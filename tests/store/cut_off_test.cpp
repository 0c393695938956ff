#include "connection.hpp"
#include "store/directory.hpp"
#include "store/open_file.hpp"

#include <doctest/doctest.h>

#include <ostream>

// A connection that is cut off from its files for good, while a user of it still holds on to it.

using namespace isolite::store;
using isolite::store::tests::connection;
using isolite::store::tests::cursor;
using isolite::store::tests::outcome;
using isolite::store::tests::unique_name;

namespace {

/// A database with a layer, whose owner will be cut off and followed by another connection.
struct cut_off_fixture {
    std::string name = unique_name("cut-off");
    std::shared_ptr<store> file;
    connection parked;

    explicit cut_off_fixture(bool wal = false)
        : file(directory::of_process().create(name, nullptr)), parked(name) {
        parked.rows(wal ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = TRUNCATE");
        parked.rows("CREATE TABLE t(a INTEGER PRIMARY KEY, b);"
                    "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n "
                    "WHERE i < 100) INSERT INTO t SELECT i, printf('%0400d', i) FROM n");
        REQUIRE(file->checkpoint());
        file->set_owner(holder_of(parked.handle(), "main"));
    }

    /// Does what an engine does between two tests.
    void replace() {
        cut_off(parked.handle());
        CHECK(file->rewind() == 0);
        CHECK(file->active_holders() == 0);
    }

    void check_checkpoint() const {
        connection next(name);
        CHECK(next.value("SELECT count(*) FROM t WHERE b LIKE '0%'") == "100");
    }
    void check_next_is_pristine() const {
        check_checkpoint();
        connection next(name);
        CHECK(next.value("PRAGMA integrity_check") == "'ok'");
        next.rows("BEGIN IMMEDIATE; DELETE FROM t WHERE a < 11; COMMIT");
        CHECK(next.value("SELECT count(*) FROM t") == "90");
    }
};

bool is_io_error(int code) {
    return (code & 0xff) == SQLITE_IOERR;
}

} // namespace

TEST_SUITE("a connection that is cut off") {
    TEST_CASE("it neither reads nor writes, also after it has unlocked") {
        for (const bool wal : {false, true}) {
            CAPTURE(wal);
            cut_off_fixture database(wal);
            database.parked.rows("BEGIN; DELETE FROM t WHERE a < 50");
            database.replace();
            CHECK(is_io_error(database.parked.run("COMMIT").code));
            for (int round = 0; round < 3; ++round) {
                (void)database.parked.run("ROLLBACK");
                CHECK(is_io_error(database.parked.run("SELECT * FROM t").code));
                CHECK(is_io_error(database.parked.run("DELETE FROM t").code));
            }
            database.check_next_is_pristine();
        }
    }

    TEST_CASE("a statement in the middle of its rows fails") {
        for (const bool wal : {false, true}) {
            CAPTURE(wal);
            cut_off_fixture database(wal);
            database.parked.rows("PRAGMA cache_size = 1");
            cursor reading(database.parked.handle(), "SELECT a, b FROM t");
            REQUIRE(reading.step(1).code == SQLITE_ROW);
            database.replace();
            CHECK(is_io_error(reading.step().code));
            reading.reset();
            CHECK(is_io_error(reading.step().code));
            database.check_next_is_pristine();
        }
    }

    TEST_CASE("what is written through a BLOB handle of it reaches nobody") {
        for (const bool wal : {false, true}) {
            CAPTURE(wal);
            cut_off_fixture database(wal);
            sqlite3_blob* blob = nullptr;
            REQUIRE(sqlite3_blob_open(database.parked.handle(), "main", "t", "b", 50, 1, &blob) ==
                    SQLITE_OK);
            database.replace();
            (void)sqlite3_blob_write(blob, "x", 1, 0);
            CHECK(is_io_error(sqlite3_blob_close(blob)));
            database.check_next_is_pristine();
        }
    }

    TEST_CASE("a backup into it reaches nobody") {
        for (const bool wal : {false, true}) {
            CAPTURE(wal);
            cut_off_fixture database(wal);
            connection source(":memory:");
            source.rows("CREATE TABLE foreign_rows(a); WITH RECURSIVE n(i) AS (VALUES (1) UNION "
                        "ALL SELECT i + 1 FROM n WHERE i < 9999) INSERT INTO foreign_rows SELECT i "
                        "FROM n");
            sqlite3_backup* const backup =
                sqlite3_backup_init(database.parked.handle(), "main", source.handle(), "main");
            REQUIRE(backup);
            REQUIRE(sqlite3_backup_step(backup, 3) == SQLITE_OK);
            database.replace();
            CHECK(is_io_error(sqlite3_backup_step(backup, -1)));
            (void)sqlite3_backup_finish(backup);
            database.check_next_is_pristine();
        }
    }

    TEST_CASE("it is no user of the log, so that the journal mode of the checkpoint returns") {
        cut_off_fixture database;
        database.parked.rows("PRAGMA journal_mode = WAL; UPDATE t SET b = 'logged'");
        cursor reading(database.parked.handle(), "SELECT a, b FROM t");
        REQUIRE(reading.step(1).code == SQLITE_ROW); // keeps it from leaving the mode
        SUBCASE("when it is cut off before the rewind") {
            database.replace();
        }
        SUBCASE("when it is cut off after it") {
            CHECK(database.file->rewind() == 1);
            CHECK(database.file->kept_in_wal());
            database.replace();
        }
        CHECK_FALSE(database.file->kept_in_wal());
        CHECK(connection(database.name).value("PRAGMA journal_mode") == "'delete'");
        reading.reset(); // until then it may read what its connection has cached
        CHECK(is_io_error(reading.step().code));
        database.check_next_is_pristine();
    }

    TEST_CASE("the index that it goes on seeing is its own") {
        cut_off_fixture database(true);
        cursor reading(database.parked.handle(), "SELECT a, b FROM t");
        REQUIRE(reading.step(1).code == SQLITE_ROW);
        database.replace();
        connection next(database.name); // the only user of a new index
        next.rows("DELETE FROM t WHERE a < 50");
        reading.reset();
        CHECK(is_io_error(database.parked.run("DELETE FROM t").code));
        CHECK(is_io_error(database.parked.run("PRAGMA wal_checkpoint(TRUNCATE)").code));
        CHECK(next.value("SELECT count(*) FROM t") == "51");
        CHECK(connection(database.name).value("SELECT count(*) FROM t") == "51");
    }

    TEST_CASE("a lock that it keeps in exclusive locking mode is taken") {
        for (const bool wal : {false, true}) {
            CAPTURE(wal);
            cut_off_fixture database(wal);
            database.parked.rows("PRAGMA locking_mode = EXCLUSIVE; UPDATE t SET b = 'kept'");
            database.replace();
            CHECK(is_io_error(database.parked.run("UPDATE t SET b = 'late'").code));
            database.check_next_is_pristine();
            CHECK(is_io_error(database.parked.run("UPDATE t SET b = 'late'").code));
        }
    }

    TEST_CASE("a transaction that it had half written is rolled back by whoever comes next") {
        cut_off_fixture database;
        database.parked.rows("PRAGMA cache_size = 2; BEGIN; UPDATE t SET b = printf('%0500d', a)");
        cut_off(database.parked.handle());
        connection next(database.name); // before any rewind
        CHECK(next.value("SELECT max(length(b)) FROM t") == "400");
        CHECK(next.value("PRAGMA integrity_check") == "'ok'");
    }

    TEST_CASE("its journal is not rolled back over what comes after the rewind") {
        cut_off_fixture database;
        database.parked.rows("UPDATE t SET b = 'of the layer'; PRAGMA cache_size = 2;"
                             "BEGIN; UPDATE t SET b = printf('%0500d', a)");
        database.replace();
        database.check_checkpoint();
        connection next(database.name);
        next.rows("DELETE FROM t WHERE a < 50");
        (void)database.parked.run("ROLLBACK");
        CHECK(next.value("SELECT count(*) FROM t") == "51");
        CHECK(connection(database.name).value("SELECT count(*) FROM t") == "51");
    }

    TEST_CASE("the journal of another connection is left alone by it") {
        cut_off_fixture database;
        cursor reading(database.parked.handle(), "SELECT a, b FROM t");
        REQUIRE(reading.step(1).code == SQLITE_ROW);
        connection other(database.name);
        other.rows("BEGIN; DELETE FROM t");
        cut_off(database.parked.handle());
        reading.reset();
        (void)database.parked.run("DELETE FROM t");
        other.rows("ROLLBACK");
        CHECK(other.value("SELECT count(*) FROM t") == "100");
    }

    TEST_CASE("it is nobody's: it is not named, not the owner, and can be closed at any time") {
        for (const bool wal : {false, true}) {
            CAPTURE(wal);
            cut_off_fixture database(wal);
            {
                connection parked(database.name);
                parked.rows("BEGIN; DELETE FROM t");
                cut_off(parked.handle());
                CHECK(database.file->foreign_work_in_progress().empty());
                cut_off(parked.handle()); // again
            }
            cut_off(database.parked.handle());
            database.parked = connection("elsewhere");
            CHECK(database.file->rewind_quietly(false));
            database.check_next_is_pristine();
        }
    }

    TEST_CASE("its attached databases go with it, and those of others do not") {
        cut_off_fixture main;
        cut_off_fixture attached;
        main.parked.rows("ATTACH '" + attached.name + "' AS audit; BEGIN; DELETE FROM audit.t");
        cut_off(main.parked.handle());
        CHECK(attached.file->rewind() == 0);
        CHECK(is_io_error(main.parked.run("COMMIT").code));
        CHECK(attached.parked.value("SELECT count(*) FROM t") == "100");
        attached.check_next_is_pristine();
    }
}

TEST_SUITE("the store that a connection has open") {
    TEST_CASE("it is told by the schema, and is none once something else lies there") {
        cut_off_fixture database;
        sqlite3* const handle = database.parked.handle();
        CHECK(store_of(handle, "main") == database.file.get());
        CHECK(store_of(handle, "temp") == nullptr);
        CHECK(store_of(handle, "nothing") == nullptr);
        REQUIRE(sqlite3_deserialize(handle, "main", nullptr, 0, 0, SQLITE_DESERIALIZE_RESIZEABLE) ==
                SQLITE_OK);
        CHECK(store_of(handle, "main") == nullptr);
    }
}
