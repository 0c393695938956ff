#include "../os/apart.hpp"
#include "os/other_clock.hpp"
#include "os/other_memory.hpp"
#include "run/present_conditions.hpp"

#include <doctest/doctest.h>

#include <sqlite3.h>

#include <chrono>
#include <clocale>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string>

using isolite::run::begin_in_conditions;
using isolite::run::condition;
using isolite::run::enter;

namespace {

using what = condition::what;

std::uint64_t number_of_sqlite() {
    std::uint64_t number = 0;
    sqlite3_randomness(sizeof number, &number);
    return number;
}

std::string letters(const char* query) {
    sqlite3* database = nullptr;
    std::string all;
    sqlite3_open(":memory:", &database);
    sqlite3_exec(database, "CREATE TABLE t(a); INSERT INTO t VALUES ('a'), ('b'), ('c')", nullptr,
                 nullptr, nullptr);
    const auto add = [](void* to, int /*columns*/, char** values, char** /*names*/) {
        *static_cast<std::string*>(to) += values[0];
        return 0;
    };
    sqlite3_exec(database, query, add, &all, nullptr);
    sqlite3_close(database);
    return all;
}

} // namespace

TEST_CASE("SQLite's random numbers begin anew with each case, at the place that is said") {
    CHECK(holds_apart([] {
        enter({{what::random, "5"}});
        const std::uint64_t first = number_of_sqlite();
        const std::uint64_t second = number_of_sqlite();
        begin_in_conditions();
        return first != second && number_of_sqlite() == first && number_of_sqlite() == second;
    }));
    CHECK(holds_apart([] {
        enter({{what::random, "5"}});
        const std::uint64_t first = number_of_sqlite();
        enter({{what::random, "6"}});
        return number_of_sqlite() != first;
    }));
}

TEST_CASE("the clock begins anew with each case, by the zone that is entered with it") {
    if (!isolite::os::can_show_other_time()) {
        return;
    }
    CHECK(holds_apart([] {
        enter({{what::clock, "2032-02-29T12:00:00"}, {what::zone, "<+14>-14"}});
        constexpr std::time_t there = 1961668800 - 14 * 3600;
        const bool is_there = std::time(nullptr) - there < 60;
        isolite::os::show_time(std::chrono::seconds(0));
        begin_in_conditions();
        const std::time_t now = std::time(nullptr);
        return is_there && now >= there && now < there + 60;
    }));
}

TEST_CASE("a time zone and a locale are those of this process and of programs that it starts") {
    CHECK(holds_apart([] {
        enter({{what::zone, "<+14>-14"}, {what::locale, "POSIX"}});
        const std::time_t begin = 0;
        return std::localtime(&begin)->tm_hour == 14 &&
               std::getenv("TZ") == std::string("<+14>-14") &&
               std::getenv("LC_ALL") == std::string("POSIX");
    }));
}

TEST_CASE("rows come in reverse on each connection, where nobody has put them in order") {
    CHECK(letters("SELECT a FROM t") == "abc");
    CHECK(holds_apart([] {
        enter({{what::rows, "reversed"}});
        return letters("SELECT a FROM t") == "cba" &&
               letters("SELECT a FROM t ORDER BY a") == "abc";
    }));
}

TEST_CASE("memory is another one with each case") {
    if (!isolite::os::can_order_addresses() || !isolite::os::can_fill_with_junk()) {
        return;
    }
    const auto takes_some = [](std::size_t bytes, bool (*is_it)(const char*, const char*)) {
        for (int round = 0; round < 3; ++round) {
            const auto* last = static_cast<const char*>(std::malloc(bytes));
            for (int i = 0; i < 10; ++i) {
                const auto* const next = static_cast<const char*>(std::malloc(bytes));
                if (!is_it(last, next)) {
                    return false;
                }
                last = next;
            }
            begin_in_conditions();
        }
        return true;
    };
    CHECK(holds_apart([&] {
        enter({{what::addresses, "descending"}});
        return takes_some(100, [](const char* last, const char* next) { return next < last; });
    }));
    CHECK(holds_apart([&] {
        enter({{what::memory, "junk"}});
        return takes_some(100, [](const char* last, const char*) { return last[50] != 0; });
    }));
}
