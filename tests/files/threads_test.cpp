#include "claimed_place.hpp"

#include <atomic>
#include <thread>

using namespace isolite::paths;
using namespace isolite::paths::tests;

TEST_SUITE("files and threads") {
    // [promise: claimed files]
    TEST_CASE("threads that write over the ends of tests leave each test a sound database") {
        for (const char* const mode : {"WAL", "DELETE"}) {
            CAPTURE(mode);
            const claimed_place here;
            by_path("shop.db").run("CREATE TABLE t (a); PRAGMA journal_mode = " +
                                   std::string(mode));
            std::atomic<bool> done{false};
            std::thread writer([&done] {
                while (!done) {
                    connection own = by_path("shop.db");
                    sqlite3_busy_timeout(own.handle(), 1000);
                    for (int i = 0; i < 5; ++i) {
                        own.run("INSERT INTO t VALUES (9)");
                    }
                }
            });
            for (int i = 0; i < 50; ++i) {
                const auto scope = claimed_databases::of_process().enter(std::to_string(i));
                connection database = by_path("shop.db");
                sqlite3_busy_timeout(database.handle(), 1000);
                CHECK(database.value("PRAGMA integrity_check") == "'ok'");
                if (scope) {
                    static_cast<void>(claimed_databases::of_process().leave(*scope));
                }
            }
            done = true;
            writer.join();
            CHECK(by_path("shop.db").value("PRAGMA integrity_check") == "'ok'");
        }
    }

    TEST_CASE("threads that open new files at once each get their own") {
        const claimed_place here;
        const auto scope = claimed_databases::of_process().enter("test");
        std::vector<std::thread> all;
        std::atomic<int> wrong{0};
        for (int thread = 0; thread < 8; ++thread) {
            all.emplace_back([thread, &wrong] {
                for (int i = 0; i < 20; ++i) {
                    connection own = by_path("own-" + std::to_string(thread) + ".db");
                    connection shared = by_path("shared.db");
                    sqlite3_busy_timeout(shared.handle(), 5000);
                    own.run("CREATE TABLE IF NOT EXISTS t (a); INSERT INTO t VALUES (1)");
                    shared.run("CREATE TABLE IF NOT EXISTS t (a)");
                    const bool right =
                        own.value("SELECT count(*) FROM t") == std::to_string(i + 1) &&
                        shared.value("SELECT count(*) FROM t") == "0";
                    wrong += right ? 0 : 1;
                }
            });
        }
        for (std::thread& each : all) {
            each.join();
        }
        CHECK(wrong == 0);
        REQUIRE(scope);
        static_cast<void>(claimed_databases::of_process().leave(*scope));
        CHECK(claimed_place::on_disk().empty());
    }
}
