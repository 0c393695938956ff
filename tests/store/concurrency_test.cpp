#include "connection.hpp"
#include "dice.hpp"
#include "store/directory.hpp"
#include "store/open_file.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

// Several threads at once, each with a connection of its own, on one store.
// The checks are made after the threads have ended: doctest's are slow under contention.

using namespace isolite::store;
using namespace isolite::store::tests;

namespace {

/// Runs `body(number)` on `count` threads and waits for them.
void on_threads(std::size_t count, const std::function<void(std::size_t)>& body) {
    std::vector<std::thread> threads;
    for (std::size_t number = 0; number < count; ++number) {
        threads.emplace_back(body, number);
    }
    for (std::thread& each : threads) {
        each.join();
    }
}

/// What threads saw that none of them should see: how much of it, and the first few in words.
class oddities {
  public:
    void add_unless(bool expected, const std::string& what) {
        if (!expected) {
            const std::lock_guard guard(mutex_);
            ++count_;
            first_ += count_ <= 5 ? what + "\n" : "";
        }
    }
    void add_unless_equal(const std::string& seen, const std::string& expected) {
        add_unless(seen == expected, seen + "\ninstead of\n" + expected);
    }
    [[nodiscard]] int count() const { return count_; }
    [[nodiscard]] const std::string& first() const { return first_; }

  private:
    std::mutex mutex_;
    int count_ = 0;
    std::string first_;
};

void check_none(const oddities& seen) {
    CHECK_MESSAGE(seen.count() == 0, seen.first());
}

/// Lets the connection try again for as long as it takes.
void wait_for_ever(connection& waiting) {
    sqlite3_busy_handler(
        waiting.handle(),
        [](void*, int) {
            std::this_thread::yield();
            return 1;
        },
        nullptr);
}

/// A bank whose accounts always hold 1000 together, in rows that are spread over many pages.
std::string bank(bool in_wal_mode) {
    std::string name = unique_name("bank");
    connection database(name);
    database.rows(in_wal_mode ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = DELETE");
    database.rows("CREATE TABLE accounts(id INTEGER PRIMARY KEY, balance, padding);"
                  "WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n "
                  "WHERE i < 99) INSERT INTO accounts SELECT i, 10, zeroblob(900) FROM n");
    return name;
}

std::string transfer(dice& choices) {
    const std::string amount = std::to_string(choices.below(5));
    return "UPDATE accounts SET balance = balance - " + amount +
           " WHERE id = " + std::to_string(choices.below(100)) +
           "; UPDATE accounts SET balance = balance + " + amount +
           " WHERE id = " + std::to_string(choices.below(100));
}

constexpr const char* total = "SELECT sum(balance) FROM accounts";

/// Moves money about and reads the total. Tells the totals that are wrong and the results that no
/// client of a database should see.
struct client {
    oddities& odd;
    std::atomic<int>& commits;
    bool may_lose_locks;
    bool in_wal_mode;

    void work(const std::string& name, std::uint64_t seed, const std::function<bool()>& goes_on) {
        dice choices(seed);
        connection database(name);
        wait_for_ever(database);
        (void)database.run(choices.one_in(2) ? "PRAGMA cache_size = 3" : "PRAGMA cache_size = 50");
        (void)database.run("PRAGMA wal_autocheckpoint = 10");
        if (!in_wal_mode) {
            (void)database.run(
                "PRAGMA journal_mode = " +
                choices.one_of<std::string>({"DELETE", "TRUNCATE", "PERSIST", "MEMORY"}));
        }
        while (goes_on()) {
            if (in_wal_mode && choices.one_in(8)) {
                perform(database, "PRAGMA wal_checkpoint(" +
                                      choices.one_of<std::string>(
                                          {"PASSIVE", "FULL", "RESTART", "TRUNCATE"}) +
                                      ")");
            } else if (choices.one_in(3)) {
                read(database);
            } else {
                move(database, choices);
            }
        }
    }

  private:
    outcome perform(connection& database, const std::string& sql) {
        outcome result = database.run(sql);
        const int code = result.code & 0xff;
        odd.add_unless(code == SQLITE_OK || (may_lose_locks && code == SQLITE_IOERR),
                       sql + ": " + result.text());
        return result;
    }
    void read(connection& database) {
        // Two reads in one transaction see the same.
        const outcome seen = perform(database, std::string("BEGIN;") + total + ";" + total);
        for (const std::string& row : seen.rows) {
            odd.add_unless(row == "1000", "a total: " + seen.text());
        }
        end(database, "COMMIT");
    }
    void move(connection& database, dice& choices) {
        perform(database, "BEGIN IMMEDIATE;" + transfer(choices));
        end(database, choices.one_in(5) ? "ROLLBACK" : "COMMIT");
    }
    void end(connection& database, const std::string& how) {
        if (sqlite3_get_autocommit(database.handle()) == 0) {
            commits += perform(database, how).code == SQLITE_OK;
        }
        if (sqlite3_get_autocommit(database.handle()) == 0) {
            (void)database.run("ROLLBACK");
        }
    }
};

/// Drops the last layer when everyone has gone.
void check_restored(const std::string& name, const std::vector<std::string>& before) {
    const auto file = directory::of_process().find(name);
    connection after(name);
    CHECK(after.value("PRAGMA integrity_check") == "'ok'");
    CHECK(after.value(total) == "1000");
    CHECK(file->discard() == 0);
    CHECK(after.dump() == before);
    CHECK(after.value("PRAGMA integrity_check") == "'ok'");
    CHECK(file->active_holders() == 0);
}

} // namespace

TEST_SUITE("concurrency") {
    TEST_CASE("increments from several threads are all counted") {
        for (const std::string journal : {"DELETE", "TRUNCATE", "PERSIST", "MEMORY"}) {
            CAPTURE(journal);
            const std::string name = unique_name("counter");
            connection(name).rows("CREATE TABLE counter(value); INSERT INTO counter VALUES (0)");
            std::atomic<int> failed{0};
            on_threads(4, [&](std::size_t number) {
                connection database(name);
                wait_for_ever(database);
                (void)database.run("PRAGMA journal_mode = " + journal);
                for (int i = 0; i < 100; ++i) {
                    const std::string increment = "UPDATE counter SET value = value + 1";
                    failed +=
                        database
                            .run(number % 2 == 0 ? increment
                                                 : "BEGIN IMMEDIATE;" + increment + "; COMMIT")
                            .code != SQLITE_OK;
                }
            });
            CHECK(failed == 0);
            CHECK(connection(name).value("SELECT value FROM counter") == "400");
        }
    }

    TEST_CASE("increments that wait by a busy timeout are all counted") {
        const std::string name = unique_name("counter");
        connection(name).rows("CREATE TABLE counter(value); INSERT INTO counter VALUES (0)");
        std::atomic<int> failed{0};
        on_threads(2, [&](std::size_t) {
            connection database(name);
            sqlite3_busy_timeout(database.handle(), 60000);
            for (int i = 0; i < 100; ++i) {
                failed += database.run("UPDATE counter SET value = value + 1").code != SQLITE_OK;
            }
        });
        CHECK(failed == 0);
        CHECK(connection(name).value("SELECT value FROM counter") == "200");
    }

    TEST_CASE("readers see committed states only, while others write") {
        for (const bool in_wal_mode : {false, true}) {
            CAPTURE(in_wal_mode);
            const std::string name = bank(in_wal_mode);
            oddities odd;
            std::atomic<int> commits{0};
            on_threads(4, [&](std::size_t number) {
                int left = 150;
                client{odd, commits, false, in_wal_mode}.work(name, number,
                                                              [&left] { return left-- > 0; });
            });
            check_none(odd);
            CHECK(commits > (in_wal_mode ? 450 : 599)); // the rest are checkpoints of the log
            connection after(name);
            CHECK(after.value(total) == "1000");
            CHECK(after.value("PRAGMA integrity_check") == "'ok'");
        }
    }

    TEST_CASE("layers may be discarded while others read and write") {
        for (const bool in_wal_mode : {false, true}) {
            CAPTURE(in_wal_mode);
            const std::string name = bank(in_wal_mode);
            const auto file = directory::of_process().find(name);
            const auto before = connection(name).dump();
            oddities odd;
            std::atomic<int> commits{0};
            std::atomic<bool> ended{false};
            // Below the others, for what is committed between two of them.
            REQUIRE(file->checkpoint());
            on_threads(4, [&](std::size_t number) {
                if (number > 0) {
                    return client{odd, commits, true, in_wal_mode}.work(name, number,
                                                                        [&] { return !ended; });
                }
                std::size_t revoked = 0;
                for (int discards = 0; discards < 100 || revoked < 20; ++discards) {
                    while (!file->checkpoint()) {
                        std::this_thread::yield();
                    }
                    for (const int seen = commits; commits < seen + 3;) {
                        std::this_thread::yield();
                    }
                    revoked += file->discard();
                }
                ended = true;
            });
            check_none(odd);
            check_restored(name, before);
        }
    }

    TEST_CASE("whatever others do meanwhile, after a rewind there is the checkpoint") {
        for (const bool in_wal_mode : {false, true}) {
            CAPTURE(in_wal_mode);
            const std::string name = bank(in_wal_mode);
            const auto file = directory::of_process().find(name);
            connection(name).rows("CREATE TABLE marks(round)");
            const auto before = connection(name).dump();
            oddities odd;
            std::atomic<int> commits{0};
            std::atomic<bool> ended{false};
            const std::string marks = "SELECT count(*) FROM marks";
            REQUIRE(file->checkpoint());
            on_threads(4, [&](std::size_t number) {
                if (number > 0) {
                    return client{odd, commits, true, in_wal_mode}.work(name, number,
                                                                        [&] { return !ended; });
                }
                connection marking(name);
                wait_for_ever(marking);
                for (int round = 0; round < 100; ++round) {
                    // Nobody else marks: what is there is of this round, and of no other.
                    odd.add_unless_equal(marking.run("INSERT INTO marks VALUES (1)").text(),
                                         "code 0");
                    for (const int seen = commits; commits < seen + 2;) {
                        std::this_thread::yield();
                    }
                    odd.add_unless_equal(marking.run(marks).text(), "code 0\n    1");
                    file->rewind();
                    odd.add_unless_equal(marking.run(marks).text(), "code 0\n    0");
                    odd.add_unless_equal(marking.run(total).text(), "code 0\n    1000");
                }
                ended = true;
            });
            check_none(odd);
            check_restored(name, before);
        }
    }

    TEST_CASE("a connection may be cut off while another thread works on it") {
        for (const bool in_wal_mode : {false, true}) {
            CAPTURE(in_wal_mode);
            const std::string name = bank(in_wal_mode);
            const auto file = directory::of_process().find(name);
            const auto before = connection(name).dump();
            oddities odd;
            REQUIRE(file->checkpoint());
            for (int round = 0; round < 20; ++round) {
                connection parked(name);
                std::atomic<int> done{0};
                std::atomic<bool> ended{false};
                std::thread late([&] {
                    dice choices(static_cast<std::uint64_t>(round));
                    while (!ended) {
                        (void)parked.run("BEGIN; " + transfer(choices));
                        (void)parked.run(done % 3 == 0 ? "ROLLBACK" : "COMMIT");
                        (void)parked.run("ROLLBACK");
                        ++done;
                    }
                });
                while (done < 5) {
                    std::this_thread::yield();
                }
                cut_off(parked.handle());
                file->rewind();
                odd.add_unless(connection(name).dump() == before, "not what was there before");
                for (const int seen = done; done < seen + 5;) {
                    std::this_thread::yield();
                }
                odd.add_unless(connection(name).dump() == before, "not what was there before");
                odd.add_unless(file->rewind_quietly(true), "not quiet");
                ended = true;
                late.join();
            }
            check_none(odd);
            check_restored(name, before);
        }
    }

    TEST_CASE("each store of a process is on its own") {
        std::atomic<int> failed{0};
        on_threads(4, [&](std::size_t number) {
            const std::string name = unique_name("own");
            connection database(name);
            const auto file = directory::of_process().find(name);
            database.rows("CREATE TABLE t(a)");
            for (int i = 0; i < 100; ++i) {
                failed += !file->checkpoint();
                database.rows("INSERT INTO t VALUES (" + std::to_string(number) + ")");
                failed += database.value("SELECT a FROM t") != std::to_string(number);
                file->discard();
                failed += database.value("SELECT count(*) FROM t") != "0";
            }
        });
        CHECK(failed == 0);
    }
}
