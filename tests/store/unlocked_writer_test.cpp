#include "connection.hpp"
#include "store/directory.hpp"
#include "store/open_file.hpp"

#include <doctest/doctest.h>

#include <ostream>

// A connection that takes no locks (nolock=1), beside one that takes them. What SQLite would do to
// them on a disk depends on what each has cached.

using namespace isolite::store;
using isolite::store::tests::connection;
using isolite::store::tests::cursor;
using isolite::store::tests::unique_name;

namespace {

/// A database with a layer, its owner, and a connection that takes no locks.
struct unlocked_writer_fixture {
    std::string name = unique_name("unlocked");
    std::shared_ptr<store> file;
    connection owner;
    connection unlocked;

    unlocked_writer_fixture()
        : file(directory::of_process().create(name, nullptr)), owner(name),
          unlocked("file:" + name + "?nolock=1") {
        owner.rows("PRAGMA journal_mode = TRUNCATE; CREATE TABLE t(a INTEGER PRIMARY KEY, b);"
                   "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n "
                   "WHERE i < 100) INSERT INTO t SELECT i, printf('%0400d', i) FROM n;"
                   "CREATE TABLE u(a)");
        REQUIRE(file->checkpoint());
        file->set_owner(holder_of(owner.handle(), "main"));
    }
};

} // namespace

TEST_SUITE("store: a connection without locks") {
    TEST_CASE("it reads and writes while nobody else has a lock") {
        unlocked_writer_fixture database;
        database.unlocked.rows("INSERT INTO u VALUES (1)");
        CHECK(database.owner.value("SELECT a FROM u") == "1");
        database.owner.rows("BEGIN; INSERT INTO u VALUES (2)");
        CHECK(database.unlocked.value("SELECT a FROM u") == "1");
        database.owner.rows("COMMIT");
        database.unlocked.rows("INSERT INTO u VALUES (3)");
        CHECK(database.owner.value("SELECT group_concat(a) FROM u") == "'1,2,3'");
    }

    TEST_CASE("it writes nothing beneath the transaction of another") {
        for (const char* const journal : {"DELETE", "TRUNCATE", "PERSIST", "MEMORY", "OFF"}) {
            CAPTURE(journal);
            unlocked_writer_fixture database;
            database.unlocked.rows(std::string("PRAGMA journal_mode = ") + journal);
            SUBCASE("which reads") {
                database.owner.rows("BEGIN; SELECT * FROM u");
            }
            SUBCASE("which has written") {
                database.owner.rows("BEGIN; UPDATE t SET b = a");
            }
            SUBCASE("once it has a journal") {
                database.unlocked.rows(
                    "INSERT INTO t VALUES (101, '0'); DELETE FROM t WHERE a = 101");
                database.owner.rows("BEGIN; UPDATE t SET b = a");
            }
            CHECK(database.unlocked.run("INSERT INTO u VALUES (1)").code != SQLITE_OK);
            CHECK(database.owner.value("SELECT count(*) FROM u") == "0");
            database.owner.rows("ROLLBACK");
            CHECK(database.owner.value("SELECT count(*) FROM t WHERE b LIKE '0%'") == "100");
            CHECK(connection(database.name).value("PRAGMA integrity_check") == "'ok'");
        }
    }

    TEST_CASE("its COMMIT beneath another's transaction takes nothing from that") {
        unlocked_writer_fixture database;
        database.unlocked.rows("BEGIN; INSERT INTO u VALUES (1)");
        database.owner.rows("BEGIN; UPDATE t SET b = a");
        CHECK(database.unlocked.run("COMMIT").code != SQLITE_OK);
        (void)database.unlocked.run("ROLLBACK");
        database.owner.rows("ROLLBACK");
        CHECK(database.owner.value("SELECT count(*) FROM t WHERE b LIKE '0%'") == "100");
        CHECK(database.owner.value("SELECT count(*) FROM u") == "0");
    }

    TEST_CASE("what it has half written is not rolled back over the next layer") {
        unlocked_writer_fixture database;
        database.unlocked.rows("UPDATE t SET b = 'of the layer'; PRAGMA cache_size = 2;"
                               "BEGIN; UPDATE t SET b = printf('%0500d', a)");
        CHECK(database.file->rewind_quietly(false));
        connection next(database.name);
        CHECK(next.value("SELECT count(*) FROM t WHERE b LIKE '0%'") == "100");
        CHECK(database.owner.value("SELECT max(length(b)) FROM t") == "400");
    }
}
