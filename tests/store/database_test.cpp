#include "connection.hpp"
#include "store/directory.hpp"

#include <doctest/doctest.h>

#include <ostream>

// What SQLite does with a file, done on files of the VFS.

using namespace isolite::store;
using isolite::store::tests::connection;
using isolite::store::tests::unique_name;

namespace {

const std::string fill = "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT);"
                         "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n "
                         "WHERE i < 500) INSERT INTO t SELECT i, printf('%0300d', i) FROM n;"
                         "CREATE INDEX t_b ON t(b);";

std::string checksum(connection& database) {
    return database.value("SELECT count(*), sum(a), sum(length(b)), max(b) FROM t");
}

void check_sound(connection& database) {
    CHECK(database.value("PRAGMA integrity_check") == "'ok'");
}

long long page_count(connection& database) {
    return std::stoll(database.value("PRAGMA page_count"));
}

} // namespace

TEST_SUITE("a database on the VFS") {
    TEST_CASE("outlives its connections") {
        const std::string name = unique_name("kept");
        connection(name).rows(fill);
        connection again(name);
        CHECK(again.value("SELECT count(*) FROM t") == "500");
        check_sound(again);
    }

    TEST_CASE("is seen by every connection as soon as it is committed") {
        const std::string name = unique_name("seen");
        connection writer(name);
        connection reader(name);
        writer.rows("CREATE TABLE t(a); BEGIN; INSERT INTO t VALUES (1)");
        CHECK(reader.value("SELECT count(*) FROM t") == "0");
        writer.rows("COMMIT");
        CHECK(reader.value("SELECT count(*) FROM t") == "1");
    }

    TEST_CASE("may have pages of any size") {
        for (int size = 512; size <= 65536; size *= 2) {
            CAPTURE(size);
            const std::string name = unique_name("pages");
            connection database(name);
            database.rows("PRAGMA page_size = " + std::to_string(size) + ";" + fill);
            CHECK(database.value("PRAGMA page_size") == std::to_string(size));
            check_sound(database);
            connection other(name);
            CHECK(checksum(other) == checksum(database));
        }
    }

    TEST_CASE("may change the size of its pages") {
        const std::string name = unique_name("resized");
        connection database(name);
        connection other(name);
        database.rows(fill);
        const std::string before = checksum(other);
        for (const char* size : {"512", "65536", "1024", "4096"}) {
            CAPTURE(size);
            database.rows("PRAGMA page_size = " + std::string(size) + "; VACUUM");
            CHECK(database.value("PRAGMA page_size") == size);
            CHECK(checksum(other) == before);
            check_sound(other);
        }
    }

    TEST_CASE("may have any encoding") {
        for (const std::string encoding : {"UTF-8", "UTF-16le", "UTF-16be"}) {
            CAPTURE(encoding);
            const std::string name = unique_name("encoded");
            connection(name).rows("PRAGMA encoding = '" + encoding +
                                  "'; CREATE TABLE t(a);"
                                  "INSERT INTO t VALUES ('gr\xc3\xbc\xc3\x9f')");
            connection reader(name);
            CHECK(reader.value("PRAGMA encoding") == "'" + encoding + "'");
            CHECK(reader.value("SELECT a FROM t") == "'gr\xc3\xbc\xc3\x9f'");
        }
    }

    TEST_CASE("shrinks when it is vacuumed") {
        connection database(unique_name("vacuumed"));
        database.rows(fill);
        const long long before = page_count(database);
        database.rows("DELETE FROM t WHERE a > 10; VACUUM");
        CHECK(page_count(database) < before / 4);
        CHECK(static_cast<long long>(database.file_bytes().size()) == page_count(database) * 4096);
        check_sound(database);
    }

    TEST_CASE("shrinks by itself with auto_vacuum") {
        connection database(unique_name("auto"));
        database.rows("PRAGMA auto_vacuum = FULL;" + fill);
        const long long before = page_count(database);
        database.rows("DELETE FROM t WHERE a > 10");
        CHECK(page_count(database) < before / 4);
        check_sound(database);
    }

    TEST_CASE("shrinks on request with incremental_vacuum") {
        connection database(unique_name("incremental"));
        database.rows("PRAGMA auto_vacuum = INCREMENTAL;" + fill + "DELETE FROM t WHERE a > 10");
        const long long before = page_count(database);
        database.rows("PRAGMA incremental_vacuum(7)");
        CHECK(page_count(database) == before - 7);
        check_sound(database);
    }

    TEST_CASE("can be copied with VACUUM INTO") {
        connection database(unique_name("source"));
        database.rows(fill);
        const std::string copy = unique_name("copy");
        database.rows("VACUUM INTO 'file:" + copy + "?vfs=isolite'");
        connection copied(copy);
        CHECK(checksum(copied) == checksum(database));
        check_sound(copied);
    }

    TEST_CASE("can be attached, and both change in one transaction or neither") {
        const std::string second = unique_name("attached");
        connection database(unique_name("main"));
        connection other(second);
        database.rows("CREATE TABLE t(a); ATTACH '" + second +
                      "' AS second;"
                      "CREATE TABLE second.t(a);"
                      "BEGIN; INSERT INTO main.t VALUES (1); INSERT INTO second.t VALUES (2)");
        SUBCASE("committed") {
            database.rows("COMMIT");
            CHECK(database.value("SELECT count(*) FROM main.t") == "1");
            CHECK(other.value("SELECT a FROM t") == "2");
        }
        SUBCASE("rolled back") {
            database.rows("ROLLBACK");
            CHECK(database.value("SELECT count(*) FROM main.t") == "0");
            CHECK(other.value("SELECT count(*) FROM t") == "0");
        }
    }

    TEST_CASE("leaves no journal behind") {
        for (const std::string mode : {"DELETE", "TRUNCATE", "PERSIST", "MEMORY", "OFF"}) {
            CAPTURE(mode);
            const std::string name = unique_name("journal-" + mode);
            {
                connection database(name);
                CHECK(database.rows("PRAGMA journal_mode = " + mode).size() == 1);
                database.rows(fill + "UPDATE t SET b = 'x'");
            }
            // An empty file counts as none.
            const auto journal = directory::of_process().find(name)->journal();
            CHECK((journal->size() > 0) == (mode == "PERSIST"));
            CHECK(connection(name).value("SELECT DISTINCT b FROM t") == "'x'");
        }
    }

    TEST_CASE("is rolled back by the next connection when its writer vanished") {
        // The journal and the half-written database of a process that was killed.
        const std::string name = unique_name("killed");
        connection victim(name);
        victim.rows(fill);
        const std::string before = checksum(victim);
        victim.rows("PRAGMA cache_size = 2; BEGIN; UPDATE t SET b = 'y'");
        auto& files = directory::of_process();
        const std::string copy = unique_name("hot");
        const auto left = files.create(copy, files.find(name)->freeze());
        const auto journal = files.find(name)->journal()->freeze();
        REQUIRE(left->journal()->write({}, part::database, 0, journal->page(0),
                                       static_cast<std::size_t>(journal->size())));
        connection survivor(copy);
        CHECK(checksum(survivor) == before);
        check_sound(survivor);
    }

    TEST_CASE("spills its cache while a transaction is open") {
        connection database(unique_name("spilled"));
        database.rows("PRAGMA cache_size = 5;" + fill + "BEGIN; UPDATE t SET b = b || 'z'");
        check_sound(database);
        database.rows("SAVEPOINT s; DELETE FROM t; ROLLBACK TO s");
        CHECK(database.value("SELECT count(*) FROM t") == "500");
        database.rows("ROLLBACK");
        CHECK(database.value("SELECT count(*) FROM t WHERE b LIKE '%z'") == "0");
        check_sound(database);
    }

    TEST_CASE("sorts and joins by temporary files") {
        connection database(unique_name("sorted"));
        database.rows("PRAGMA temp_store = FILE; PRAGMA cache_size = 5;" + fill);
        CHECK(database.value("SELECT count(*) FROM (SELECT DISTINCT x.b || y.b FROM t x, t y "
                             "WHERE x.a < 40 ORDER BY 1 DESC)") == "19500");
        database.rows("CREATE TEMP TABLE u AS SELECT * FROM t");
        CHECK(database.value("SELECT count(*) FROM u") == "500");
    }

    TEST_CASE("can be filled by the backup API") {
        connection source(unique_name("backed-up"));
        source.rows(fill);
        connection target(unique_name("backup"));
        sqlite3_backup* backup =
            sqlite3_backup_init(target.handle(), "main", source.handle(), "main");
        REQUIRE(backup);
        CHECK(sqlite3_backup_step(backup, -1) == SQLITE_DONE);
        sqlite3_backup_finish(backup);
        CHECK(checksum(target) == checksum(source));
    }
}
