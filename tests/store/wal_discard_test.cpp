#include "connection.hpp"
#include "store/directory.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <optional>
#include <ostream>
#include <utility>

// What connections in WAL mode see of checkpoints and discards. A checkpoint is one of the store
// here, unless it is one of the log.

using namespace isolite::store;
using isolite::store::tests::connection;
using isolite::store::tests::cursor;
using isolite::store::tests::unique_name;

namespace {

/// A database in WAL mode with a few pages of rows and three connections.
struct wal_discard_fixture {
    std::string name = unique_name("wal-discarded");
    std::shared_ptr<store> file;
    connection first;
    connection second;
    connection third;

    /// With `log_is_full`, the rows are still in the log.
    explicit wal_discard_fixture(bool log_is_full = false)
        : file(directory::of_process().create(name, nullptr)), first(name), second(name),
          third(name) {
        first.rows("PRAGMA journal_mode = WAL; CREATE TABLE t(a INTEGER PRIMARY KEY, b);"
                   "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n "
                   "WHERE i < 100) INSERT INTO t SELECT i, printf('%0400d', i) FROM n");
        if (!log_is_full) {
            first.rows("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    [[nodiscard]] static std::string count(connection& reader) {
        return reader.value("SELECT count(*) FROM t");
    }
    void check_sound() {
        for (connection* reader : {&first, &second, &third}) {
            CHECK(reader->value("PRAGMA integrity_check") == "'ok'");
        }
    }
    void check_counts(const std::string& expected) {
        for (connection* reader : {&first, &second, &third}) {
            CHECK(count(*reader) == expected);
        }
        check_sound();
    }
};

/// Does something on behalf of others in the middle of a query: when a connection has seen in the
/// index that the log has been copied, so that it will read the database alone, and asks for the
/// lock of those who do.
class before_the_lock {
  public:
    before_the_lock(const connection& of, std::function<void()> deed)
        : file_(of.file()), usual_(file_->pMethods), methods_(*usual_) {
        methods_.xShmLock = [](sqlite3_file* file, int first, int count, int flags) {
            if (first == 3 && flags == (SQLITE_SHM_LOCK | SQLITE_SHM_SHARED)) {
                std::exchange(next, nullptr)();
                file->pMethods = usual;
            }
            return usual->xShmLock(file, first, count, flags);
        };
        next = std::move(deed);
        usual = usual_;
        file_->pMethods = &methods_;
    }
    ~before_the_lock() { file_->pMethods = usual_; }
    before_the_lock(const before_the_lock&) = delete;
    before_the_lock& operator=(const before_the_lock&) = delete;

    [[nodiscard]] static bool came() { return !next; }

  private:
    static inline std::function<void()> next;
    static inline const sqlite3_io_methods* usual = nullptr;
    sqlite3_file* file_;
    const sqlite3_io_methods* usual_;
    sqlite3_io_methods methods_;
};

/// A table of a layer that is gone comes back with other columns.
void check_that_no_old_schema_is_used(wal_discard_fixture& database) {
    REQUIRE(database.file->checkpoint());
    database.first.rows("CREATE TABLE u(a, b); INSERT INTO u VALUES (1, 2)");
    REQUIRE(database.second.value("SELECT a, b FROM u") == "1|2");
    database.file->discard();
    REQUIRE(database.file->checkpoint());
    database.first.rows("CREATE TABLE u(b, a, c); INSERT INTO u VALUES (1, 2, 3)");
    CHECK(database.second.value("SELECT a, b, c FROM u") == "2|1|3");
}

} // namespace

TEST_SUITE("discard in WAL mode: what connections see") {
    // Found by the differential test, seed 301002: the log of both checkpoints was the same, and
    // the first page was in the database, where its new schema cookie went unseen.
    TEST_CASE("every connection sees the same schema cookie after the discard of two layers") {
        wal_discard_fixture database;
        database.first.rows("UPDATE t SET b = 'logged' WHERE a = 50"); // not the first page
        REQUIRE(database.file->checkpoint());
        REQUIRE(database.file->checkpoint());
        database.first.rows("CREATE TABLE u(a)");
        (void)database.file->discard();
        (void)database.count(database.second);
        (void)database.file->discard();
        const std::string cookie = database.first.value("PRAGMA schema_version");
        CHECK(database.second.value("PRAGMA schema_version") == cookie);
        CHECK(connection(database.name).value("PRAGMA schema_version") == cookie);
        database.second.rows("CREATE TABLE v(a)");
        CHECK(database.first.value("SELECT count(*) FROM v") == "0");
        database.check_sound();
    }

    TEST_CASE("every connection sees the checkpoint again") {
        for (const bool log_is_full : {false, true}) {
            CAPTURE(log_is_full);
            wal_discard_fixture database(log_is_full);
            REQUIRE(database.file->checkpoint());
            database.first.rows("DELETE FROM t WHERE a > 10");
            database.second.rows("INSERT INTO t VALUES (1000, 'x')");
            REQUIRE(database.count(database.third) == "11");
            CHECK(database.file->discard() == 0);
            database.check_counts("100");
        }
    }

    TEST_CASE("a row of a discarded layer is not seen in the next layer") {
        for (const bool log_is_full : {false, true}) {
            CAPTURE(log_is_full);
            wal_discard_fixture database(log_is_full);
            for (int round = 0; round < 20; ++round) {
                CAPTURE(round);
                REQUIRE(database.file->checkpoint());
                // As many commits as in the last round: the headers of the index would be equal.
                const std::string value = "'round " + std::to_string(round % 10) + "'";
                database.first.rows("UPDATE t SET b = " + value);
                CHECK(database.second.value("SELECT DISTINCT b FROM t") == value);
                database.file->discard();
            }
            database.check_counts("100");
        }
    }

    TEST_CASE("a connection that slept through a discard does not take the next layer for the "
              "last") {
        for (const bool log_is_full : {false, true}) {
            CAPTURE(log_is_full);
            wal_discard_fixture database(log_is_full);
            for (const std::string value : {"'one'", "'two'"}) {
                REQUIRE(database.file->checkpoint());
                database.first.rows("UPDATE t SET b = " + value);
                CHECK(database.second.value("SELECT DISTINCT b FROM t") == value);
                database.file->discard();
            }
        }
    }

    TEST_CASE("a schema of a discarded layer is not used in the next layer") {
        for (const bool log_is_full : {false, true}) {
            CAPTURE(log_is_full);
            wal_discard_fixture database(log_is_full);
            check_that_no_old_schema_is_used(database);
            database.check_sound();
        }
    }

    TEST_CASE("a log that was started over is told from what it held before") {
        wal_discard_fixture database(true); // more than what comes now
        database.first.rows("PRAGMA wal_checkpoint(RESTART); CREATE TABLE short(a)");
        check_that_no_old_schema_is_used(database);
        database.check_counts("100");
    }

    TEST_CASE("a schema cookie that comes to what the file has below the log is changed too") {
        wal_discard_fixture database;
        database.first.rows("PRAGMA schema_version = 8; PRAGMA wal_checkpoint(TRUNCATE);"
                            "PRAGMA schema_version = 7"); // in the log
        REQUIRE(database.file->checkpoint());
        database.first.rows("DELETE FROM t");
        database.file->discard(); // what was before it is no change of a layer
        REQUIRE(database.first.value("PRAGMA schema_version") == "7");
        for (const std::string table : {"u", "v"}) {
            REQUIRE(database.file->checkpoint());
            database.first.rows("CREATE TABLE " + table + "(a)");
            CHECK(database.second.value("SELECT count(*) FROM " + table) == "0");
            database.file->discard();
        }
        database.check_counts("100");
    }

    TEST_CASE("a schema of a discarded layer is not taken for that of the checkpoint") {
        for (const bool log_is_full : {false, true}) {
            CAPTURE(log_is_full);
            wal_discard_fixture database(log_is_full);
            REQUIRE(database.file->checkpoint());
            database.first.rows("CREATE TABLE u(a); INSERT INTO u VALUES (1)");
            REQUIRE(database.second.value("SELECT a FROM u") == "1");
            database.file->discard();
            CHECK(database.second.run("SELECT a FROM u").message == "no such table: u");
            database.check_sound();
        }
    }

    TEST_CASE("a statement that was prepared before the checkpoint can be kept") {
        for (const bool log_is_full : {false, true}) {
            CAPTURE(log_is_full);
            wal_discard_fixture database(log_is_full);
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
    }

    TEST_CASE("nested layers are dropped one by one, wherever the log ends in each") {
        wal_discard_fixture database(true);
        const std::vector<std::string> steps{
            "CREATE TABLE u(a); INSERT INTO u VALUES (1)", "PRAGMA wal_checkpoint; DELETE FROM t",
            "PRAGMA wal_checkpoint(TRUNCATE)", "CREATE TABLE v(a)", "DROP TABLE u"};
        std::vector<std::vector<std::string>> states;
        for (const std::string& sql : steps) {
            states.push_back(database.second.dump());
            REQUIRE(database.file->checkpoint());
            database.first.rows(sql);
        }
        for (; !states.empty(); states.pop_back()) {
            CAPTURE(states.size());
            database.file->discard();
            for (connection* each : {&database.first, &database.second, &database.third}) {
                CHECK(each->dump() == states.back());
            }
            database.check_sound();
        }
    }

    TEST_CASE("a log without frames is not taken for that of another layer") {
        // What the layers hold is in the database: their logs have nothing to tell them apart.
        wal_discard_fixture database;
        REQUIRE(database.file->checkpoint());
        database.first.rows("DELETE FROM t WHERE a = 1; PRAGMA wal_checkpoint(TRUNCATE)");
        REQUIRE(database.file->checkpoint());
        database.first.rows("DELETE FROM t");
        database.file->discard();
        REQUIRE(database.count(database.second) == "99");
        database.file->discard();
        database.check_counts("100");
    }

    TEST_CASE("what was not committed at the checkpoint is not committed by a discard") {
        wal_discard_fixture database(true);
        const auto before = database.first.dump();
        database.second.rows("PRAGMA cache_size = 2; BEGIN; UPDATE t SET b = b || b");
        REQUIRE(database.file->checkpoint());
        database.second.rows("CREATE TABLE u(a); COMMIT");
        REQUIRE(database.third.value("SELECT count(a) FROM u") == "0");
        database.file->discard();
        CHECK(database.first.dump() == before);
        CHECK(database.second.dump() == before);
        database.first.rows("CREATE TABLE u(b)"); // with a cookie that the third has not seen
        CHECK(database.third.value("SELECT count(b) FROM u") == "0");
        database.check_sound();
    }

    TEST_CASE("the log may be checkpointed or restarted within a layer") {
        for (const std::string mode : {"PASSIVE", "FULL", "RESTART", "TRUNCATE"}) {
            CAPTURE(mode);
            wal_discard_fixture database(true);
            const auto before = database.first.dump();
            REQUIRE(database.file->checkpoint());
            database.first.rows("DELETE FROM t WHERE a < 50; PRAGMA wal_checkpoint(" + mode +
                                "); UPDATE t SET b = 'x'");
            REQUIRE(database.count(database.second) == "51");
            database.file->discard();
            CHECK(database.second.dump() == before);
            database.check_counts("100");
        }
    }
}

TEST_SUITE("discard in WAL mode: open transactions") {
    TEST_CASE("a reader that finds the log copied sees the checkpoint, whose log was not") {
        wal_discard_fixture database(true);
        REQUIRE(wal_discard_fixture::count(database.third) == "100");
        REQUIRE(database.file->checkpoint());
        database.first.rows("DELETE FROM t");
        database.file->discard();
        REQUIRE(database.file->checkpoint());
        // From here on the header of the index is the one to which each discard leads.
        database.second.rows("PRAGMA wal_checkpoint(PASSIVE)");
        const before_the_lock meanwhile(database.third, [&database] {
            database.first.rows("DELETE FROM t");
            database.file->discard();
            CHECK(wal_discard_fixture::count(database.second) == "100");
        });
        CHECK(database.third.run("SELECT count(*) FROM t").text() == "code 0\n    100");
        CHECK(before_the_lock::came());
        database.check_counts("100");
    }

    TEST_CASE("an idle connection loses nothing, a busy one all its locks") {
        wal_discard_fixture database;
        REQUIRE(database.count(database.third) == "100");
        CHECK(database.file->active_holders() == 0);
        database.first.rows("BEGIN; SELECT * FROM t");
        database.second.rows("BEGIN IMMEDIATE");
        CHECK(database.file->active_holders() == 2);
        CHECK(database.file->revoke_locks() == 2);
        CHECK(database.file->active_holders() == 0);
        database.third.rows("DELETE FROM t WHERE a = 1");
        CHECK(is_io_error(database.second.run("DELETE FROM t")));
        (void)database.first.run("ROLLBACK");
        (void)database.second.run("ROLLBACK");
        database.check_counts("99");
    }

    TEST_CASE("a reader that lost its lock fails at its next read, then sees the checkpoint") {
        for (const bool log_is_full : {false, true}) {
            CAPTURE(log_is_full);
            wal_discard_fixture database(log_is_full);
            REQUIRE(database.file->checkpoint());
            database.first.rows("DELETE FROM t WHERE a > 90");
            database.second.rows("PRAGMA cache_size = 1");
            cursor reading(database.second.handle(), "SELECT a, b FROM t");
            REQUIRE(reading.step(1).code == SQLITE_ROW);
            CHECK(database.file->discard() == 1);
            CHECK(is_io_error(reading.step()));
            reading.reset();
            database.check_counts("100");
        }
    }

    TEST_CASE("a writer that lost its lock cannot commit, and works again after a rollback") {
        for (const bool log_is_full : {false, true}) {
            for (const bool spilled : {false, true}) {
                CAPTURE(log_is_full);
                CAPTURE(spilled);
                wal_discard_fixture database(log_is_full);
                REQUIRE(database.file->checkpoint());
                database.second.rows(spilled ? "PRAGMA cache_size = 2" : "PRAGMA cache_size = 500");
                database.second.rows("BEGIN; UPDATE t SET b = b || b; CREATE TABLE u(a)");
                CHECK(database.file->active_holders() == 1);
                CHECK(database.file->discard() == 1);
                CHECK(is_io_error(database.second.run("COMMIT")));
                (void)database.second.run("ROLLBACK");
                CHECK(database.file->active_holders() == 0);
                database.second.rows("DELETE FROM t WHERE a = 1");
                database.check_counts("99");
            }
        }
    }

    TEST_CASE("what a writer without its lock still does reaches nobody") {
        wal_discard_fixture database;
        REQUIRE(database.file->checkpoint());
        database.second.rows("PRAGMA cache_size = 2; BEGIN; UPDATE t SET b = b || b");
        CHECK(database.file->discard() == 1);
        database.first.rows("BEGIN; DELETE FROM t WHERE a = 1");
        CHECK(is_io_error(database.second.run("UPDATE t SET b = 'too late'")));
        (void)database.second.run("ROLLBACK");
        database.first.rows("COMMIT");
        CHECK(database.second.value("SELECT max(length(b)) FROM t") == "400");
        database.check_counts("99");
    }

    TEST_CASE("a schema that was never committed is not taken for that of the next layer") {
        wal_discard_fixture database(true);
        REQUIRE(database.file->checkpoint());
        database.second.rows("BEGIN; CREATE TABLE uncommitted(a)");
        CHECK(database.file->discard() == 1);
        (void)database.second.run("ROLLBACK");
        REQUIRE(database.file->checkpoint());
        database.first.rows("CREATE TABLE committed(a)");
        CHECK(database.second.value("SELECT count(*) FROM committed") == "0");
        database.check_sound();
    }

    TEST_CASE("a connection that lost its lock may be closed") {
        wal_discard_fixture database;
        REQUIRE(database.file->checkpoint());
        {
            connection victim(database.name);
            victim.rows("BEGIN; DELETE FROM t");
            CHECK(database.file->discard() == 1);
        }
        CHECK(database.file->active_holders() == 0);
        database.check_counts("100");
    }

    TEST_CASE(
        "a connection in exclusive locking mode fails until it is closed, and no other does") {
        for (const std::string order :
             {"PRAGMA locking_mode = EXCLUSIVE; SELECT * FROM t",    // an index of its own
              "SELECT * FROM t; PRAGMA locking_mode = EXCLUSIVE"}) { // the index of all
            CAPTURE(order);
            const std::string name = unique_name("exclusive");
            connection(name).rows("PRAGMA journal_mode = WAL; CREATE TABLE t(a)");
            const auto file = directory::of_process().find(name);
            REQUIRE(file->checkpoint());
            {
                connection victim(name);
                victim.rows(order + "; INSERT INTO t VALUES (1)");
                CHECK(file->discard() == 1);
                CHECK(is_io_error(victim.run("INSERT INTO t VALUES (2)")));
                connection other(name);
                CHECK(other.value("SELECT count(*) FROM t") == "0");
                other.rows("INSERT INTO t VALUES (3)");
                CHECK(is_io_error(victim.run("SELECT * FROM t")));
            }
            CHECK(file->active_holders() == 0);
            connection after(name);
            CHECK(after.value("SELECT a FROM t") == "3");
            CHECK(after.value("PRAGMA integrity_check") == "'ok'");
        }
    }
}

TEST_SUITE("discard in WAL mode: the journal mode of the checkpoint") {
    TEST_CASE("it stays WAL as long as a connection is in that mode, then returns") {
        wal_discard_fixture database;
        database.second = connection(database.name);
        database.third = connection(database.name);
        REQUIRE(database.first.value("PRAGMA journal_mode = DELETE") == "'delete'");
        REQUIRE(database.file->checkpoint());
        database.first.rows("PRAGMA journal_mode = WAL; DELETE FROM t");
        database.file->rewind();
        CHECK(database.file->kept_in_wal());
        database.check_counts("100");
        CHECK(database.second.value("PRAGMA journal_mode") == "'wal'");
        database.first.rows("PRAGMA wal_checkpoint(TRUNCATE)"); // now the header alone tells it
        connection(database.name).rows("DELETE FROM t WHERE a = 1");
        database.check_counts("99");
        for (connection* each : {&database.first, &database.second, &database.third}) {
            *each = connection("elsewhere");
        }
        database.file->rewind();
        CHECK_FALSE(database.file->kept_in_wal());
        CHECK(connection(database.name).value("PRAGMA journal_mode") == "'delete'");
    }

    TEST_CASE("a change to a rollback journal is undone for the connection that made it") {
        wal_discard_fixture database;
        const auto before = database.first.dump();
        database.second = connection(database.name);
        database.third = connection(database.name);
        REQUIRE(database.file->checkpoint());
        REQUIRE(database.first.value("PRAGMA journal_mode = DELETE") == "'delete'");
        database.first.rows("DELETE FROM t");
        database.file->discard();
        CHECK(database.first.dump() == before);
        CHECK(database.first.value("PRAGMA journal_mode") == "'wal'");
        CHECK_FALSE(database.file->kept_in_wal());
        database.check_counts("100");
    }
}
