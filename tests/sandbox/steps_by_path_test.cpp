// What steps of seeds open by path: the file that they make, and those of other seeds.
#include "../store/scratch_directory.hpp"
#include "in_child.hpp"
#include "open_engine.hpp"
#include "sandbox/worker_engines.hpp"

#include <isolite/session.hpp>

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

using isolite::store::tests::scratch_directory;

namespace {

/// Opens a file as code under test does, and runs SQL in it.
void run_in(const std::string& file, const std::string& sql) {
    SQLite::Database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
}

/// Says which tables code under test finds in a file, or what SQLite says.
std::string tables_of(const std::string& file) {
    try {
        SQLite::Database found(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        return found.execAndGet("SELECT coalesce(group_concat(name), 'none') FROM sqlite_schema")
            .getString();
    } catch (const std::exception& problem) {
        return problem.what();
    }
}

std::string text_of(const isolite::result<isolite::engine>& opened) {
    return opened ? "opened" : opened.error().text();
}

const std::string hint_of_own =
    "\n  hint: let a path_step open it, by the path that it is given; a step gets a connection and "
    "opens none";
const std::string hint_of_both =
    "\n  hint: let the steps of one of them do without the files of the other";

/// Two seeds, each of which opens a file of the other one. Of those with versions images are kept.
template <const char* const& Own, const char* const& Claim, const char* const& Wanted>
struct needing {
    static isolite::seed seed() {
        return isolite::seed(Own)
            .path_step("start", "1",
                       [](const std::string& path) {
                           run_in(path, "CREATE TABLE own (a)");
                           static_cast<void>(tables_of(Wanted)); // whatever it is told
                       })
            .file(Claim);
    }
};
constexpr const char* one = "one";
constexpr const char* other = "other";
constexpr const char* one_pattern = "*.one";
constexpr const char* other_pattern = "*.other";
constexpr const char* of_one = "q.one";
constexpr const char* of_other = "q.other";
constexpr const char* single = "./single.db";
constexpr const char* second_single = "./second.db";
using one_by_pattern = needing<one, one_pattern, of_other>;
using other_by_pattern = needing<other, other_pattern, of_one>;
using one_by_name = needing<one, single, second_single>;
using other_by_name = needing<other, second_single, single>;

/// What a thread was told that a step waited for, and that opened the file of its seed.
std::string told_to_thread;

struct threaded {
    static isolite::seed seed() {
        return isolite::seed("threaded")
            .step("start",
                  [](SQLite::Database& database) {
                      database.exec("CREATE TABLE t (a)");
                      std::thread([] { told_to_thread = tables_of("threaded.db"); }).join();
                  })
            .file("./threaded.db");
    }
};

std::string told_of(const char* first, const char* second) {
    const std::string a = "'" + std::string(first) + "'";
    const std::string b = "'" + std::string(second) + "'";
    return "cannot apply the seed " + a + ": step 'start' cannot apply the seed " + b +
           ": step 'start' cannot open a file of the seed " + a + " in a step of " + b + ": " + a +
           " is being made, and needs a file of " + b + hint_of_both;
}

/// Opens the engines of two databases, the first one first, and returns what was told.
template <typename First, typename Second>
std::string told_by_engines() {
    return in_child([] {
        const scratch_directory place;
        isolite::sandbox::claim_described_files();
        const auto& first = isolite::engine::of_worker<First>();
        const auto& second = isolite::engine::of_worker<Second>();
        return (first ? "opened" : first.error().text()) + "\n" +
               (second ? "opened" : second.error().text());
    });
}

} // namespace

TEST_SUITE("steps and the file they make") {
    TEST_CASE("code that knows only its own name finds the database, also by a pattern") {
        const scratch_directory place;
        isolite::seed seed("shop");
        seed.file("*/shop.db").path_step("start", [](const std::string& path) {
            run_in("shop.db", "CREATE TABLE t (a)");
            CHECK(tables_of(path) == "t");
            CHECK(tables_of("./shop.db") == "t");
        });
        auto engine = open(seed);
        CHECK(engine.value<int>("SELECT count(*) FROM t") == 0);
        CHECK(tables_of("shop.db") == "t");
        run_in("shop.db", "CREATE TABLE u (a)");
        CHECK(tables_of("other/shop.db") == "t");
        CHECK(std::filesystem::is_empty("."));
    }

    TEST_CASE("it makes one database, not two of a pattern") {
        const scratch_directory place;
        isolite::seed seed("shop");
        seed.file("*.db").path_step("start", [](const std::string& path) {
            run_in("a.db", "CREATE TABLE t (a)");
            CHECK(tables_of(path) == "t");
            CHECK(tables_of("b.db") == "unable to open database file");
        });
        const std::string here = std::filesystem::current_path().string();
        CHECK(text_of(isolite::engine::open(seed)) ==
              "cannot apply the seed 'shop': step 'start' cannot let a step of 'shop' open '" +
                  here + "/b.db': it makes one database, and has opened '" + here +
                  "/a.db' as that\n  hint: let a path_step open the path that it is given");
        CHECK(std::filesystem::is_empty("."));
    }

    TEST_CASE("a step without a path is told that it cannot open it, whatever it makes of that") {
        const scratch_directory place;
        for (const char* const claim : {"shop.db", "*/shop.db", "*.db", "./shop.db"}) {
            CAPTURE(claim);
            isolite::seed seed("shop");
            seed.file(claim).step("start", [](SQLite::Database& database) {
                database.exec("CREATE TABLE t (a)");
                CHECK(tables_of("shop.db") == "unable to open database file");
            });
            CHECK(
                text_of(isolite::engine::open(seed)) ==
                "cannot apply the seed 'shop': step 'start' cannot open a file of the seed 'shop' "
                "while it is being made" +
                    hint_of_own);
            CHECK(std::filesystem::is_empty("."));
        }
    }

    TEST_CASE("a thread that a step waits for is told, too, and does not wait for the step") {
        const auto told = [](const std::function<void()>& make) {
            return in_child([&make] {
                const scratch_directory place;
                isolite::sandbox::claim_described_files();
                make();
                return told_to_thread;
            });
        };
        CHECK(told([] { static_cast<void>(isolite::engine::of_worker<threaded>()); }) ==
              "unable to open database file");
        CHECK(told([] { isolite::sandbox::prepare_worker_engines(); }) ==
              "unable to open database file");
    }

    TEST_CASE("another name of a pattern is none of the database where the seed has one file") {
        const scratch_directory place;
        isolite::seed seed("shop");
        seed.file("./shop.db").file("*.db").path_step("start", [](const std::string& path) {
            run_in(path, "CREATE TABLE t (a)");
            CHECK(tables_of("other.db") == "unable to open database file");
        });
        CHECK(text_of(isolite::engine::open(seed)) ==
              "cannot apply the seed 'shop': step 'start' cannot open a file of the seed 'shop' "
              "while it is being made" +
                  hint_of_own);
    }

    TEST_CASE("files that threads open first, at once, are made once and are their own") {
        const scratch_directory place;
        std::atomic<int> applied{0};
        std::atomic<bool> has_second_come{false};
        isolite::seed seed("shop");
        seed.file("*.db").path_step("start", [&](const std::string& path) {
            run_in(path, "CREATE TABLE t (a)");
            if (++applied > 1) { // first the engine applies it
                while (!has_second_come) {
                    std::this_thread::yield();
                }
            }
        });
        auto engine = open(seed);
        std::thread first([] { run_in("a.db", "CREATE TABLE a (a)"); });
        std::thread second([&] {
            has_second_come = true;
            run_in("b.db", "CREATE TABLE b (a)");
        });
        first.join();
        second.join();
        CHECK(applied.load() == 2);
        CHECK(tables_of("a.db") == "t,a");
        CHECK(tables_of("b.db") == "t,b");
        CHECK(tables_of("c.db") == "t");
    }
}

TEST_SUITE("steps and files of other seeds") {
    TEST_CASE("a step may open a file of another seed") {
        const scratch_directory place;
        isolite::seed prices("prices");
        prices.file("*.prices").path_step("start", [](const std::string&) {
            run_in("own.prices", "CREATE TABLE prices (a)");
        });
        auto first = open(prices);
        isolite::seed shop("shop");
        shop.file("./shop.db").path_step("start", [](const std::string& path) {
            run_in(path, "CREATE TABLE t (a)");
            CHECK(tables_of("q.prices") == "prices");
            CHECK(tables_of("shop.db") == "t");
        });
        auto second = open(shop);
        CHECK(tables_of("shop.db") == "t");
    }

    TEST_CASE("seeds that need each other's files are told so, with both names") {
        const auto both = [](const char* first, const char* second) {
            return told_of(first, second) + "\n" + "cannot apply the seed '" + second + "'";
        };
        CHECK(told_by_engines<one_by_pattern, other_by_pattern>().find(both("one", "other")) == 0);
        CHECK(told_by_engines<other_by_pattern, one_by_pattern>().find(both("other", "one")) == 0);
        CHECK(told_by_engines<one_by_name, other_by_name>().find(both("one", "other")) == 0);
        CHECK(told_by_engines<other_by_name, one_by_name>().find(both("other", "one")) == 0);
    }

    TEST_CASE("so they are where a process has prepared the databases of its workers") {
        const auto told = [](const char* first, const char* second, const char* how) {
            return std::string("cannot apply the seed '") + first + "': step 'start' " + how +
                   " the seed '" + second + "'";
        };
        const auto prepared = [](const auto& open) {
            return in_child([&open] {
                const scratch_directory place;
                isolite::sandbox::claim_described_files();
                isolite::sandbox::prepare_worker_engines();
                const auto& opened = open();
                return opened ? "opened" : opened.error().text();
            });
        };
        CHECK(prepared(&isolite::engine::of_worker<one_by_pattern>)
                  .find(told("one", "other", "cannot apply")) == 0);
        CHECK(prepared(&isolite::engine::of_worker<other_by_pattern>)
                  .find(told("other", "one", "cannot apply")) == 0);
        CHECK(prepared(&isolite::engine::of_worker<one_by_name>)
                  .find(told("one", "other", "cannot open a file of")) == 0);
        CHECK(prepared(&isolite::engine::of_worker<other_by_name>)
                  .find(told("other", "one", "cannot open a file of")) == 0);
    }
}
