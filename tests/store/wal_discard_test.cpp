#include "connection.hpp"
#include "store/directory.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <ostream>

// What connections in WAL mode see of checkpoints and discards. A checkpoint is one of the store
// here, unless it is one of the log.

using namespace isolite::store;
using isolite::store::tests::connection;
using isolite::store::tests::cursor;
using isolite::store::tests::outcome;
using isolite::store::tests::unique_name;

namespace {

/// A database in WAL mode with a few pages of rows and three connections.
struct fixture {
    std::string name = unique_name("wal-discarded");
    std::shared_ptr<store> file;
    connection first;
    connection second;
    connection third;

    /// With `log_is_full`, the rows are still in the log.
    explicit fixture(bool log_is_full = false)
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

} // namespace

TEST_SUITE("discard in WAL mode: what connections see") {
    TEST_CASE("every connection sees the checkpoint again") {
        for (const bool log_is_full : {false, true}) {
            CAPTURE(log_is_full);
            fixture database(log_is_full);
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
            fixture database(log_is_full);
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
            fixture database(log_is_full);
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
            fixture database(log_is_full);
            REQUIRE(database.file->checkpoint());
            database.first.rows("CREATE TABLE u(a, b); INSERT INTO u VALUES (1, 2)");
            REQUIRE(database.second.value("SELECT a, b FROM u") == "1|2");
            database.file->discard();
            REQUIRE(database.file->checkpoint());
            database.first.rows("CREATE TABLE u(b, a, c); INSERT INTO u VALUES (1, 2, 3)");
            CHECK(database.second.value("SELECT a, b, c FROM u") == "2|1|3");
            database.check_sound();
        }
    }

    TEST_CASE("a schema of a discarded layer is not taken for that of the checkpoint") {
        for (const bool log_is_full : {false, true}) {
            CAPTURE(log_is_full);
            fixture database(log_is_full);
            REQUIRE(database.file->checkpoint());
            database.first.rows("CREATE TABLE u(a); INSERT INTO u VALUES (1)");
            REQUIRE(database.second.value("SELECT a FROM u") == "1");
            database.file->discard();
            CHECK(database.second.run("SELECT a FROM u").message == "no such table: u");
            database.check_sound();
        }
    }
}
