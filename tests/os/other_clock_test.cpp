#include "apart.hpp"
#include "os/other_clock.hpp"

#include <doctest/doctest.h>

#include <sqlite3.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>

#include <sys/time.h>

using isolite::os::can_show_other_time;
using isolite::os::show_time;
using isolite::os::time_of_machine;
using std::chrono::seconds;

namespace {

constexpr seconds leap_day(1961668800); // 2032-02-29 12:00:00

bool is_leap_day(std::time_t time) {
    return time >= leap_day.count() && time < leap_day.count() + 60;
}

std::string time_of_sqlite() {
    sqlite3* database = nullptr;
    sqlite3_stmt* statement = nullptr;
    sqlite3_open(":memory:", &database);
    sqlite3_prepare_v2(database, "SELECT date('now')", -1, &statement, nullptr);
    sqlite3_step(statement);
    std::string shown = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return shown;
}

} // namespace

TEST_SUITE("another clock" * doctest::skip(!can_show_other_time())) {
    TEST_CASE("whoever asks for the time is told the other one") {
        CHECK(holds_apart([] {
            ::timeval of_day{};
            ::timespec exact{};
            ::timespec standard{};
            const bool is_shown = show_time(leap_day) && ::gettimeofday(&of_day, nullptr) == 0 &&
                                  ::clock_gettime(CLOCK_REALTIME, &exact) == 0 &&
                                  std::timespec_get(&standard, TIME_UTC) == TIME_UTC;
            using std::chrono::system_clock;
            return is_shown && is_leap_day(std::time(nullptr)) && is_leap_day(of_day.tv_sec) &&
                   is_leap_day(exact.tv_sec) && is_leap_day(standard.tv_sec) &&
                   is_leap_day(system_clock::to_time_t(system_clock::now())) &&
                   time_of_sqlite() == "2032-02-29";
        }));
    }

    TEST_CASE("clocks that nobody can set go on as they did") {
        CHECK(holds_apart([] {
            const auto before = std::chrono::steady_clock::now();
            const bool is_shown = show_time(leap_day);
            const auto taken = std::chrono::steady_clock::now() - before;
            return is_shown && taken >= seconds(0) && taken < seconds(60);
        }));
    }

    TEST_CASE("the time can be shown anew, and that of the machine is known all the same") {
        CHECK(holds_apart([] {
            const std::time_t before = std::time(nullptr);
            const bool is_shown = show_time(seconds(0)) && show_time(leap_day);
            const std::time_t real = time_of_machine().tv_sec;
            return is_shown && is_leap_day(std::time(nullptr)) && real >= before - 1 &&
                   real < before + 60;
        }));
    }

    TEST_CASE("a process that it has forked has the other clock, and its parent has not") {
        CHECK(holds_apart([] {
            return show_time(leap_day) &&
                   holds_apart([] { return is_leap_day(std::time(nullptr)); });
        }));
        CHECK_FALSE(is_leap_day(std::time(nullptr)));
    }

    TEST_CASE("each time of the calendar can be shown") {
        for (const std::int64_t time :
             {-62135596800LL, -1LL, 253402300799LL}) { // the years 1 to 9999
            CAPTURE(time);
            CHECK(holds_apart([time] {
                ::timespec shown{};
                const bool is_shown =
                    show_time(seconds(time)) && ::clock_gettime(CLOCK_REALTIME, &shown) == 0;
                return is_shown && shown.tv_sec >= time && shown.tv_sec < time + 60 &&
                       shown.tv_nsec >= 0 && shown.tv_nsec < 1000000000;
            }));
        }
    }

    TEST_CASE("it takes no wrong number for a clock") {
        CHECK(holds_apart([] {
            ::timespec time{};
            errno = 0;
            return show_time(leap_day) && ::clock_gettime(9999, &time) == -1 && errno == EINVAL;
        }));
    }
}
