#include "os/process_timers.hpp"

#include <iterator>

#include <sys/time.h>

namespace isolite::os {

namespace {

struct timer {
    const char* name;
    decltype(ITIMER_REAL) which;
};

constexpr timer timers[] = {
    {"ITIMER_REAL", ITIMER_REAL}, {"ITIMER_VIRTUAL", ITIMER_VIRTUAL}, {"ITIMER_PROF", ITIMER_PROF}};

constexpr std::int64_t second = 1'000'000; // microseconds

std::int64_t microseconds(const ::timeval& time) noexcept {
    return time.tv_sec * second + time.tv_usec;
}

::timeval time_of(std::int64_t microseconds) noexcept {
    return {microseconds / second, microseconds % second};
}

} // namespace

process_timers read_timers() noexcept {
    process_timers found{};
    for (std::size_t i = 0; i < std::size(timers); ++i) {
        ::itimerval now{};
        ::getitimer(timers[i].which, &now);
        found[2 * i] = microseconds(now.it_value);
        found[2 * i + 1] = microseconds(now.it_interval);
    }
    return found;
}

std::vector<std::pair<const char*, bool>> timers_that_run() {
    const process_timers now = read_timers();
    std::vector<std::pair<const char*, bool>> all;
    for (std::size_t i = 0; i < std::size(timers); ++i) {
        all.emplace_back(timers[i].name, now[2 * i] != 0);
    }
    return all;
}

std::vector<std::string> restore_timers(const process_timers& found) {
    std::vector<std::string> clauses;
    const process_timers now = read_timers();
    for (std::size_t i = 0; i < std::size(timers); ++i) {
        const bool is_running = now[2 * i] != 0;
        if (is_running != (found[2 * i] != 0)) {
            clauses.push_back(std::string(is_running ? "left the timer " : "stopped the timer ") +
                              timers[i].name + (is_running ? " running" : ""));
            const ::itimerval before{time_of(found[2 * i + 1]), time_of(found[2 * i])};
            ::setitimer(timers[i].which, &before, nullptr);
        }
    }
    return clauses;
}

} // namespace isolite::os
