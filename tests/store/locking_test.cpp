#include "bare_locks.hpp"
#include "remote_connection.hpp"
#include "scratch_directory.hpp"

#include <doctest/doctest.h>

#include <array>
#include <ostream>

// The locks of our VFS against those of SQLite's own: the same schedules, step by step.

using namespace isolite::store;
using namespace isolite::store::tests;

namespace {

/// What one connection does and what SQLite must answer.
struct step {
    std::size_t who;
    const char* sql;
    int code;
};

constexpr int ok = SQLITE_OK;
constexpr int busy = SQLITE_BUSY;

void play(const std::vector<step>& schedule) {
    for (const char* vfs : each_vfs) {
        CAPTURE(vfs);
        const scratch_directory scratch;
        const std::string name = fresh_database(vfs);
        std::array<remote_connection, 3> connections{{{name, vfs}, {name, vfs}, {name, vfs}}};
        for (std::size_t number = 0; number < schedule.size(); ++number) {
            const step& next = schedule[number];
            CAPTURE(number);
            CAPTURE(std::string(next.sql));
            CHECK(connections[next.who].run(next.sql).code == next.code);
        }
    }
}

/// Does 300 random things on three connections and returns what each gave.
std::vector<std::string> play_any(const char* vfs, std::uint64_t seed, bool in_wal_mode) {
    std::vector<std::string> statements{
        "BEGIN",
        "BEGIN IMMEDIATE",
        "BEGIN EXCLUSIVE",
        "COMMIT",
        "COMMIT",
        "ROLLBACK",
        "INSERT INTO t VALUES (4)",
        "UPDATE t SET a = a + 1",
        "DELETE FROM t WHERE a > 6",
        "SELECT count(*) FROM t",
        "SELECT sum(a) FROM t",
        "PRAGMA locking_mode = NORMAL",
        "PRAGMA locking_mode = EXCLUSIVE",
    };
    const scratch_directory scratch;
    const std::string name = fresh_database(vfs);
    if (in_wal_mode) {
        connection(name, vfs).rows("PRAGMA journal_mode = WAL");
        for (const char* mode : {"PASSIVE", "FULL", "RESTART", "TRUNCATE"}) {
            statements.push_back("PRAGMA wal_checkpoint(" + std::string(mode) + ")");
        }
    }
    std::array<remote_connection, 3> all{{{name, vfs}, {name, vfs}, {name, vfs}}};
    dice choices(seed);
    const auto act = [&](remote_connection& next) {
        const std::string& sql = choices.one_of(statements);
        switch (choices.below(8)) {
        case 0:
            return "open " + next.open("SELECT a FROM t").text();
        case 1:
            return "step " + next.step(2).text();
        case 2:
            return "close " + next.close().text();
        default:
            return sql + ": " + next.run(sql).text();
        }
    };
    std::vector<std::string> answers;
    for (int number = 0; number < 300; ++number) {
        const std::size_t who = choices.below(3);
        answers.push_back(std::to_string(who) + " " + act(all[who]));
    }
    return answers;
}

} // namespace

TEST_SUITE("locking: schedules") {
    TEST_CASE("readers share") {
        play({{0, "BEGIN; SELECT * FROM t", ok},
              {1, "BEGIN; SELECT * FROM t", ok},
              {2, "SELECT * FROM t", ok},
              {0, "COMMIT", ok},
              {1, "COMMIT", ok}});
    }

    TEST_CASE("a writer prepares while others read, and only one does") {
        play({{0, "BEGIN IMMEDIATE; INSERT INTO t VALUES (4)", ok},
              {1, "SELECT * FROM t", ok},
              {1, "BEGIN IMMEDIATE", busy},
              {2, "INSERT INTO t VALUES (5)", busy},
              {0, "COMMIT", ok},
              {2, "INSERT INTO t VALUES (5)", ok}});
    }

    TEST_CASE("a writer that waits for readers keeps new readers out") {
        play({{0, "BEGIN; SELECT * FROM t", ok},
              {1, "BEGIN IMMEDIATE; INSERT INTO t VALUES (4)", ok},
              {2, "SELECT * FROM t", ok},
              {1, "COMMIT", busy},
              {2, "SELECT * FROM t", busy},
              {0, "SELECT count(*) FROM t", ok},
              {0, "COMMIT", ok},
              {0, "SELECT * FROM t", busy},
              {1, "COMMIT", ok},
              {2, "SELECT * FROM t", ok}});
    }

    TEST_CASE("a writer that gave up waiting lets new readers in") {
        play({{0, "BEGIN; SELECT * FROM t", ok},
              {1, "BEGIN IMMEDIATE; INSERT INTO t VALUES (4)", ok},
              {1, "COMMIT", busy},
              {1, "ROLLBACK", ok},
              {2, "SELECT * FROM t", ok},
              {0, "COMMIT", ok}});
    }

    TEST_CASE("an exclusive transaction keeps everybody out") {
        play({{0, "BEGIN EXCLUSIVE", ok},
              {1, "SELECT * FROM t", busy},
              {1, "BEGIN IMMEDIATE", busy},
              {2, "BEGIN EXCLUSIVE", busy},
              {0, "ROLLBACK", ok},
              {1, "BEGIN; SELECT * FROM t", ok},
              {2, "BEGIN EXCLUSIVE", busy}});
    }

    TEST_CASE("two readers that both want to write stand in each other's way") {
        play({{0, "BEGIN; SELECT * FROM t", ok},
              {1, "BEGIN; SELECT * FROM t", ok},
              {0, "INSERT INTO t VALUES (4)", ok},
              {1, "INSERT INTO t VALUES (5)", busy},
              {0, "COMMIT", busy},
              {1, "ROLLBACK", ok},
              {0, "COMMIT", ok}});
    }

    TEST_CASE("a transaction that spills its cache keeps readers out before it commits") {
        play({{0, "PRAGMA cache_size = 2; BEGIN", ok},
              {0,
               "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 99) "
               "INSERT INTO t SELECT printf('%0500d', i) FROM n",
               ok},
              {1, "SELECT * FROM t", busy},
              {0, "ROLLBACK", ok},
              {1, "SELECT * FROM t", ok}});
    }

    TEST_CASE("an exclusive locking mode holds on to its lock between transactions") {
        play({{0, "PRAGMA locking_mode = EXCLUSIVE; INSERT INTO t VALUES (4)", ok},
              {1, "SELECT * FROM t", busy},
              {0, "PRAGMA locking_mode = NORMAL; SELECT * FROM t", ok},
              {1, "SELECT * FROM t", ok}});
    }
}

TEST_SUITE("locking: any schedule") {
    TEST_CASE("every request for a lock is answered as by SQLite's own VFS") {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            CAPTURE(seed);
            const scratch_directory scratch;
            bare_locks stock(each_vfs[0]);
            bare_locks ours(each_vfs[1]);
            dice choices(seed);
            for (int number = 0; number < 500; ++number) {
                CAPTURE(number);
                const lock_request next = stock.any_request(choices);
                CAPTURE(next.who);
                CAPTURE(next.level);
                REQUIRE(ours.answer(next) == stock.answer(next));
                for (std::size_t each = 0; each < 3; ++each) {
                    CAPTURE(each);
                    REQUIRE(ours.level(each) == stock.level(each));
                    REQUIRE(ours.reserved(each) == stock.reserved(each));
                }
            }
        }
    }

    TEST_CASE("every request for a lock on the wal-index is answered as by SQLite's own VFS") {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            CAPTURE(seed);
            const scratch_directory scratch;
            bare_index_locks stock(each_vfs[0]);
            bare_index_locks ours(each_vfs[1]);
            dice choices(seed);
            for (int number = 0; number < 500; ++number) {
                CAPTURE(number);
                const index_request next = stock.any_request(choices);
                CAPTURE(next.who);
                CAPTURE(next.flags);
                REQUIRE(ours.answer(next) == stock.answer(next));
            }
        }
    }

    TEST_CASE("every statement of three connections gives what it gives on SQLite's own VFS") {
        for (std::uint64_t seed = 1; seed <= 24; ++seed) {
            CAPTURE(seed);
            const bool in_wal_mode = seed % 2 == 0;
            const auto stock = play_any(each_vfs[0], seed, in_wal_mode);
            const auto ours = play_any(each_vfs[1], seed, in_wal_mode);
            for (std::size_t number = 0; number < stock.size(); ++number) {
                CAPTURE(number);
                REQUIRE(ours[number] == stock[number]);
            }
        }
    }
}

namespace {

/// A busy handler that commits another connection's transaction when it is asked the n-th time.
struct patience {
    connection* in_the_way;
    int lets_go_at;
    int asked = 0;

    void wait_for(connection& waiting) {
        sqlite3_busy_handler(
            waiting.handle(),
            [](void* self, int count) {
                auto& mine = *static_cast<patience*>(self);
                CHECK(count == mine.asked);
                if (++mine.asked == mine.lets_go_at) {
                    mine.in_the_way->rows("COMMIT");
                }
                return static_cast<int>(mine.asked < 10);
            },
            this);
    }
};

} // namespace

TEST_SUITE("locking: waiting") {
    TEST_CASE("a busy handler is asked again and again until the lock is free") {
        for (const char* vfs : each_vfs) {
            CAPTURE(vfs);
            const scratch_directory scratch;
            const std::string name = fresh_database(vfs);
            connection first(name, vfs);
            connection second(name, vfs);
            patience handler{&first, 4};
            handler.wait_for(second);
            SUBCASE("of a writer that wants to write") {
                first.rows("BEGIN IMMEDIATE");
                CHECK(second.run("INSERT INTO t VALUES (4)").code == ok);
            }
            SUBCASE("of a reader that wants to read") {
                first.rows("BEGIN EXCLUSIVE");
                CHECK(second.run("SELECT * FROM t").code == ok);
            }
            SUBCASE("of a writer that wants to commit") {
                first.rows("BEGIN; SELECT * FROM t");
                CHECK(second.run("INSERT INTO t VALUES (4)").code == ok);
            }
            CHECK(handler.asked == 4);
        }
    }

    TEST_CASE("a busy handler that loses its patience ends the wait") {
        for (const char* vfs : each_vfs) {
            CAPTURE(vfs);
            const scratch_directory scratch;
            const std::string name = fresh_database(vfs);
            connection first(name, vfs);
            connection second(name, vfs);
            patience handler{&first, 100};
            handler.wait_for(second);
            first.rows("BEGIN EXCLUSIVE");
            CHECK(second.run("SELECT * FROM t").code == busy);
            CHECK(handler.asked == 10);
        }
    }

    TEST_CASE("a busy timeout is waited for and then gives up") {
        const std::string name = fresh_database(vfs_name);
        connection first(name);
        connection second(name);
        sqlite3_busy_timeout(second.handle(), 20);
        first.rows("BEGIN EXCLUSIVE");
        const auto begin = std::chrono::steady_clock::now();
        CHECK(second.run("SELECT * FROM t").code == busy);
        CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(15));
    }
}
