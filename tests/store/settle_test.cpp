#include "connection.hpp"
#include "store/directory.hpp"
#include "store/open_file.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <ostream>

// What is written between two tests.

using namespace isolite::store;
using isolite::store::tests::connection;
using isolite::store::tests::unique_name;

namespace {

/// A database at a checkpoint, with the owner's connection and a stranger's.
struct settle_fixture {
    std::string name = unique_name("settled");
    std::optional<connection> owner;
    std::optional<connection> stranger;
    std::shared_ptr<store> file;

    explicit settle_fixture(const std::string& journal) {
        owner.emplace(name);
        owner->rows("PRAGMA journal_mode = " + journal + "; CREATE TABLE t(a)");
        stranger.emplace(name);
        stranger->rows("SELECT * FROM t");
        file = directory::of_process().find(name);
        file->set_owner(holder_of(owner->handle(), "main"));
        REQUIRE(file->checkpoint());
    }

    /// The rows before and after a rewind.
    void check(const std::string& now, const std::string& rewound) {
        for (const std::string& expected : {now, rewound}) {
            CHECK(connection(name).value("SELECT group_concat(a) FROM t") == expected);
            CHECK(stranger->value("SELECT group_concat(a) FROM t") == expected);
            (void)file->rewind();
        }
        CHECK(file->depth() == 1);
        CHECK(stranger->value("PRAGMA integrity_check") == "'ok'");
    }
};

void on_each_journal(void (*body)(const std::string& journal)) {
    for (const std::string journal : {"DELETE", "WAL"}) {
        CAPTURE(journal);
        body(journal);
    }
}

} // namespace

TEST_SUITE("store: settle") {
    TEST_CASE("what the owner wrote becomes part of the checkpoint") {
        on_each_journal([](const std::string& journal) {
            settle_fixture database(journal);
            database.owner->rows("INSERT INTO t VALUES ('o')");
            CHECK(database.file->settle());
            database.owner->rows("DELETE FROM t");
            database.check("NULL", "'o'");
        });
    }

    TEST_CASE("what a stranger wrote is dropped") {
        on_each_journal([](const std::string& journal) {
            settle_fixture database(journal);
            database.stranger->rows("INSERT INTO t VALUES ('s')");
            CHECK(database.file->settle());
            database.check("NULL", "NULL");
        });
    }

    TEST_CASE("what both wrote cannot be told apart and becomes part of the checkpoint") {
        on_each_journal([](const std::string& journal) {
            settle_fixture database(journal);
            database.stranger->rows("INSERT INTO t VALUES ('s')");
            database.owner->rows("INSERT INTO t VALUES ('o')");
            CHECK(database.file->settle());
            database.check("'s,o'", "'s,o'");
        });
    }

    TEST_CASE("what the owner wrote before the last rewind does not count") {
        on_each_journal([](const std::string& journal) {
            settle_fixture database(journal);
            database.owner->rows("INSERT INTO t VALUES ('o')");
            (void)database.file->rewind();
            database.stranger->rows("INSERT INTO t VALUES ('s')");
            CHECK(database.file->settle());
            database.check("NULL", "NULL");
        });
    }

    TEST_CASE("an owner that was closed owns nothing any more") {
        on_each_journal([](const std::string& journal) {
            settle_fixture database(journal);
            database.owner.reset();
            database.stranger.emplace(database.name); // may get the memory that the owner had
            connection other(database.name);
            database.stranger->rows("INSERT INTO t VALUES ('s')");
            other.rows("INSERT INTO t VALUES ('s')");
            CHECK(database.file->settle());
            database.check("NULL", "NULL");
        });
    }

    TEST_CASE("a transaction of the owner that is half-way in the file does not settle") {
        settle_fixture database("DELETE");
        database.owner->rows("PRAGMA cache_size = 2; BEGIN; INSERT INTO t VALUES ('o');"
                             "INSERT INTO t VALUES (zeroblob(100000))");
        CHECK_FALSE(database.file->settle());
        CHECK_FALSE(database.file->checkpoint());
        CHECK(database.file->depth() == 1);
        database.owner->rows("DELETE FROM t WHERE a <> 'o'; COMMIT");
        CHECK(database.file->settle());
        database.check("'o'", "'o'");
    }

    TEST_CASE("a transaction of the owner that is half-way in the log settles without it") {
        settle_fixture database("WAL");
        database.owner->rows("INSERT INTO t VALUES ('o'); PRAGMA cache_size = 2; BEGIN;"
                             "INSERT INTO t VALUES (zeroblob(100000))");
        CHECK(database.file->settle());
        database.owner->rows("COMMIT");
        CHECK(database.owner->value("SELECT count(*) FROM t") == "2");
        (void)database.file->rewind();
        database.check("'o'", "'o'");
    }

    TEST_CASE("a transaction of a stranger is broken off with what it wrote") {
        on_each_journal([](const std::string& journal) {
            settle_fixture database(journal);
            database.stranger->rows("INSERT INTO t VALUES ('s'); BEGIN; DELETE FROM t");
            CHECK(database.file->settle());
            CHECK((database.stranger->run("COMMIT").code & 0xff) == SQLITE_IOERR);
            (void)database.stranger->run("ROLLBACK");
            database.check("NULL", "NULL");
        });
    }

    TEST_CASE("where nothing was written, those who read go on") {
        on_each_journal([](const std::string& journal) {
            settle_fixture database(journal);
            database.stranger->rows("BEGIN; SELECT * FROM t");
            CHECK(database.file->settle());
            CHECK(database.file->active_holders() == 1);
            database.stranger->rows("SELECT * FROM t; COMMIT");
        });
    }

    TEST_CASE("the journal mode of the checkpoint returns when the last has left WAL mode") {
        settle_fixture database("DELETE");
        database.stranger->rows("PRAGMA journal_mode = WAL; SELECT * FROM t");
        (void)database.file->rewind();
        REQUIRE(database.file->kept_in_wal());
        CHECK(database.file->settle());
        CHECK(database.file->kept_in_wal());
        database.owner.reset();
        database.stranger.reset();
        CHECK(database.file->settle());
        CHECK_FALSE(database.file->kept_in_wal());
        CHECK(connection(database.name).value("PRAGMA journal_mode") == "'delete'");
    }

    TEST_CASE("who revokes the locks of strangers leaves the owner its own") {
        on_each_journal([](const std::string& journal) {
            settle_fixture database(journal);
            database.owner->rows("BEGIN; SELECT * FROM t");
            database.stranger->rows("BEGIN; SELECT * FROM t");
            CHECK(database.file->revoke_foreign_locks() == 1);
            CHECK(database.file->active_holders() == 1);
            CHECK(database.stranger->run("INSERT INTO t VALUES ('s')").code != SQLITE_OK);
            database.owner->rows("INSERT INTO t VALUES ('o')");
            CHECK(database.file->revoke_locks() == 1);
            CHECK(database.owner->run("COMMIT").code != SQLITE_OK);
        });
    }

    TEST_CASE("the journal mode that the owner sets becomes that of the checkpoint") {
        settle_fixture database("DELETE");
        database.owner->rows("PRAGMA journal_mode = WAL");
        CHECK(database.file->settle());
        CHECK_FALSE(database.file->kept_in_wal());
        database.owner->rows("INSERT INTO t VALUES ('o')");
        (void)database.file->rewind();
        CHECK_FALSE(database.file->kept_in_wal());
        database.check("NULL", "NULL");
    }

    TEST_CASE("a backup over the database is told from statements, as long as it is unfinished") {
        on_each_journal([](const std::string& journal) {
            settle_fixture database(journal);
            connection source(unique_name("source"));
            source.rows("CREATE TABLE s(a)");
            CHECK(database.file->settle(true));
            database.owner->rows("BEGIN; INSERT INTO t VALUES ('o')");
            CHECK_FALSE(database.file->owner_restores());
            database.owner->rows("ROLLBACK; BEGIN");
            sqlite3_backup* const copy =
                sqlite3_backup_init(database.owner->handle(), "main", source.handle(), "main");
            sqlite3_backup_step(copy, 1);
            CHECK(database.file->owner_restores());
            sqlite3_backup_finish(copy);
            CHECK_FALSE(database.file->owner_restores());
            database.owner->rows("INSERT INTO t VALUES ('o')");
            sqlite3_db_cacheflush(database.owner->handle());
            CHECK_FALSE(database.file->owner_restores());
        });
    }

    TEST_CASE("what is moved from the cache into the file is no backup, wherever its journal is") {
        for (const std::string journal : {"DELETE", "TRUNCATE", "PERSIST", "MEMORY", "WAL"}) {
            CAPTURE(journal);
            settle_fixture database(journal);
            CHECK(database.file->settle(true));
            database.owner->rows("BEGIN; INSERT INTO t VALUES ('o')");
            sqlite3_db_cacheflush(database.owner->handle());
            CHECK_FALSE(database.file->owner_restores());
            database.owner->rows("ROLLBACK; BEGIN EXCLUSIVE");
            CHECK_FALSE(database.file->owner_restores());
        }
    }
}
