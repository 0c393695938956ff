#include "sandbox/process_timers.hpp"

namespace isolite::sandbox {

namespace {

struct timer {
    const char* name;
    decltype(ITIMER_REAL) which;
};

constexpr timer timers[] = {
    {"ITIMER_REAL", ITIMER_REAL}, {"ITIMER_VIRTUAL", ITIMER_VIRTUAL}, {"ITIMER_PROF", ITIMER_PROF}};

bool is_running(const ::itimerval& timer) noexcept {
    return timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0;
}

} // namespace

process_timers::process_timers() noexcept {
    for (std::size_t i = 0; i < timers_.size(); ++i) {
        ::getitimer(timers[i].which, &timers_[i]);
    }
}

std::vector<std::string> process_timers::restore() const {
    std::vector<std::string> clauses;
    for (std::size_t i = 0; i < timers_.size(); ++i) {
        ::itimerval now{};
        ::getitimer(timers[i].which, &now);
        if (is_running(now) != is_running(timers_[i])) {
            clauses.push_back(
                std::string(is_running(now) ? "left the timer " : "stopped the timer ") +
                timers[i].name + (is_running(now) ? " running" : ""));
            ::setitimer(timers[i].which, &timers_[i], nullptr);
        }
    }
    return clauses;
}

} // namespace isolite::sandbox
