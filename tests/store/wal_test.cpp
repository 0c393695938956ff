#include "by_path.hpp"
#include "connection.hpp"
#include "scratch_directory.hpp"
#include "store/directory.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <ostream>

// What SQLite does with a database in WAL mode, on its own VFS and on ours.

using namespace isolite::store;
using isolite::store::tests::connection;
using isolite::store::tests::cursor;
using isolite::store::tests::plain_name;
using isolite::store::tests::scratch_directory;
using isolite::store::tests::unique_name;

namespace {

const std::string fill = "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT);"
                         "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n "
                         "WHERE i < 50) INSERT INTO t SELECT i, printf('%0300d', i) FROM n;";

/// A database in WAL mode and two connections to it.
struct wal_fixture {
    std::string vfs;
    std::string name;
    connection first;
    connection second;

    wal_fixture(const char* on, const std::string& before = "")
        : vfs(on), name(unique_name("wal")), first(name, on), second(name, on) {
        first.rows("PRAGMA synchronous = OFF;" + before + "PRAGMA journal_mode = WAL;" + fill);
    }
    [[nodiscard]] static std::string count(connection& reader) {
        return reader.value("SELECT count(*) FROM t");
    }
    [[nodiscard]] bool has_log() const {
        sqlite3_vfs* const used = sqlite3_vfs_find(vfs.c_str());
        const std::string file =
            vfs == vfs_name ? name + "-wal"
                            : std::filesystem::absolute(plain_name(name) + "-wal").string();
        int exists = -1;
        REQUIRE(used->xAccess(used, file.c_str(), SQLITE_ACCESS_EXISTS, &exists) == SQLITE_OK);
        return exists == 1;
    }
};

/// Runs `body` with the name of each VFS.
void on_each_vfs(const std::function<void(const char*)>& body) {
    for (const char* vfs : {"unix", vfs_name}) {
        CAPTURE(vfs);
        const scratch_directory scratch;
        body(vfs);
    }
}

} // namespace

TEST_SUITE("WAL mode") {
    TEST_CASE("readers keep their snapshot while others write") {
        on_each_vfs([](const char* vfs) {
            wal_fixture database(vfs);
            database.second.rows("BEGIN; SELECT * FROM t");
            database.first.rows("DELETE FROM t WHERE a > 10");
            CHECK(database.count(database.first) == "10");
            CHECK(database.count(database.second) == "50");
            database.second.rows("COMMIT");
            CHECK(database.count(database.second) == "10");
        });
    }

    TEST_CASE("a reader reads while a transaction spills into the log") {
        on_each_vfs([](const char* vfs) {
            wal_fixture database(vfs);
            database.first.rows("PRAGMA cache_size = 2; BEGIN; UPDATE t SET b = b || b");
            CHECK(database.second.value("SELECT max(length(b)) FROM t") == "300");
            database.first.rows("COMMIT");
            CHECK(database.second.value("SELECT min(length(b)) FROM t") == "600");
        });
    }

    TEST_CASE("one writes at a time") {
        on_each_vfs([](const char* vfs) {
            wal_fixture database(vfs);
            database.first.rows("BEGIN IMMEDIATE");
            CHECK(database.second.run("DELETE FROM t").code == SQLITE_BUSY);
            database.first.rows("COMMIT");
            CHECK(database.second.run("DELETE FROM t").code == SQLITE_OK);
        });
    }

    TEST_CASE("a reader of an old snapshot cannot write") {
        on_each_vfs([](const char* vfs) {
            wal_fixture database(vfs);
            database.second.rows("BEGIN; SELECT * FROM t");
            database.first.rows("DELETE FROM t WHERE a = 1");
            CHECK(database.second.run("DELETE FROM t WHERE a = 2").code == SQLITE_BUSY_SNAPSHOT);
            database.second.rows("ROLLBACK");
            CHECK(database.second.run("DELETE FROM t WHERE a = 2").code == SQLITE_OK);
        });
    }

    TEST_CASE("a rolled back transaction leaves nothing, and so does a savepoint") {
        on_each_vfs([](const char* vfs) {
            wal_fixture database(vfs);
            database.first.rows("PRAGMA cache_size = 2; BEGIN; UPDATE t SET b = b || b;"
                                "SAVEPOINT s; DELETE FROM t; ROLLBACK TO s");
            CHECK(database.first.value("SELECT sum(length(b)) FROM t") == "30000");
            database.first.rows("ROLLBACK");
            CHECK(database.first.value("SELECT sum(length(b)) FROM t") == "15000");
            CHECK(database.second.value("PRAGMA integrity_check") == "'ok'");
        });
    }
}

TEST_SUITE("WAL mode: checkpoints of the log") {
    TEST_CASE("one that is passive leaves what a reader still needs") {
        on_each_vfs([](const char* vfs) {
            wal_fixture database(vfs);
            database.first.rows("PRAGMA wal_checkpoint(TRUNCATE)");
            database.second.rows("BEGIN; SELECT * FROM t");
            database.first.rows("DELETE FROM t WHERE a = 1; DELETE FROM t WHERE a = 2");
            CHECK(database.first.value("PRAGMA wal_checkpoint") == "0|2|0");
            database.second.rows("COMMIT; BEGIN; SELECT * FROM t");
            CHECK(database.first.value("PRAGMA wal_checkpoint") == "0|2|2");
        });
    }

    TEST_CASE("those that wait for readers say that they are in the way") {
        on_each_vfs([](const char* vfs) {
            for (const std::string mode : {"FULL", "RESTART", "TRUNCATE"}) {
                CAPTURE(mode);
                wal_fixture database(vfs);
                database.second.rows("BEGIN; SELECT * FROM t");
                database.first.rows("DELETE FROM t WHERE a = 1");
                CHECK(database.first.value("PRAGMA wal_checkpoint(" + mode + ")").front() == '1');
                database.second.rows("COMMIT");
                CHECK(database.first.value("PRAGMA wal_checkpoint(" + mode + ")").front() == '0');
                CHECK(database.count(database.second) == "49");
            }
        });
    }

    TEST_CASE("one that restarts the log lets the next writer begin at its start") {
        on_each_vfs([](const char* vfs) {
            wal_fixture database(vfs);
            database.first.rows("PRAGMA wal_checkpoint(RESTART); DELETE FROM t WHERE a = 1");
            CHECK(database.first.value("PRAGMA wal_checkpoint") == "0|1|1");
            CHECK(database.has_log());
        });
    }

    TEST_CASE("one that truncates leaves no log, and everything in the database") {
        on_each_vfs([](const char* vfs) {
            wal_fixture database(vfs);
            CHECK(database.has_log());
            CHECK(database.first.value("PRAGMA wal_checkpoint(TRUNCATE)") == "0|0|0");
            CHECK_FALSE(database.has_log());
            CHECK(database.count(database.second) == "50");
        });
    }

    TEST_CASE("they happen by themselves when the log has grown") {
        on_each_vfs([](const char* vfs) {
            wal_fixture database(vfs);
            database.first.rows("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA wal_autocheckpoint = 3;"
                                "UPDATE t SET b = 'x' || b");
            CHECK(database.first.value("PRAGMA wal_checkpoint") != "0|0|0");
            CHECK(database.first.file_bytes().size() >= 4 * 4096U);
            database.first.rows("DELETE FROM t WHERE a = 1"); // starts over
            CHECK(database.first.value("PRAGMA wal_checkpoint") == "0|1|1");
        });
    }
}

TEST_SUITE("WAL mode: files") {
    TEST_CASE("the log exists from the first commit until the last connection closes") {
        on_each_vfs([](const char* vfs) {
            std::optional<wal_fixture> database(std::in_place, vfs);
            const std::string name = database->name;
            CHECK(database->has_log());
            { const connection third(name, vfs); }
            CHECK(database->has_log());
            database.reset();
            wal_fixture other(vfs);
            other.name = name;
            CHECK_FALSE(other.has_log());
            connection again(name, vfs);
            CHECK(again.value("PRAGMA journal_mode") == "'wal'");
            CHECK(wal_fixture::count(again) == "50");
            CHECK_FALSE(other.has_log());
        });
    }

    TEST_CASE("pages may be of any size") {
        on_each_vfs([](const char* vfs) {
            for (int size = 512; size <= 65536; size *= 2) {
                CAPTURE(size);
                wal_fixture database(vfs, "PRAGMA page_size = " + std::to_string(size) + ";");
                REQUIRE(database.count(database.second) == "50");
                CHECK(database.second.value("PRAGMA page_size") == std::to_string(size));
                database.second.rows("UPDATE t SET b = b || b; PRAGMA wal_checkpoint");
                CHECK(database.first.value("SELECT sum(length(b)) FROM t") == "30000");
                CHECK(database.first.value("PRAGMA integrity_check") == "'ok'");
            }
        });
    }

    TEST_CASE("the journal mode can be left by the only connection, and entered again") {
        on_each_vfs([](const char* vfs) {
            wal_fixture database(vfs);
            CHECK(database.count(database.second) == "50");
            CHECK(database.first.run("PRAGMA journal_mode = DELETE").code == SQLITE_BUSY);
            database.second = connection("other", vfs);
            CHECK(database.first.value("PRAGMA journal_mode = DELETE") == "'delete'");
            CHECK_FALSE(database.has_log());
            database.second = connection(database.name, vfs);
            CHECK(database.count(database.second) == "50");
            CHECK(database.first.value("PRAGMA journal_mode = WAL") == "'wal'");
            database.first.rows("DELETE FROM t");
            CHECK(database.count(database.second) == "0");
        });
    }

    TEST_CASE("an exclusive locking mode keeps the index in memory of its own") {
        on_each_vfs([](const char* vfs) {
            const std::string name = unique_name("exclusive");
            connection only(name, vfs);
            only.rows("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;" + fill);
            CHECK(wal_fixture::count(only) == "50");
            connection other(name, vfs);
            CHECK(other.run("SELECT * FROM t").code == SQLITE_BUSY);
            only.rows("PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL;"
                      "SELECT count(*) FROM t");
            CHECK(wal_fixture::count(other) == "50");
        });
    }

    TEST_CASE("an image may be of a database in WAL mode") {
        const std::string seed = unique_name("seed");
        connection(seed).rows("PRAGMA journal_mode = WAL;" + fill);
        const std::string name = unique_name("seeded");
        REQUIRE(directory::of_process().create(name, directory::of_process().find(seed)->freeze()));
        connection first(name);
        connection second(name);
        CHECK(first.value("PRAGMA journal_mode") == "'wal'");
        second.rows("BEGIN; SELECT * FROM t");
        first.rows("DELETE FROM t");
        CHECK(wal_fixture::count(second) == "50");
        CHECK(connection(seed).value("SELECT count(*) FROM t") == "50");
    }
}
