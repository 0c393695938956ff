#include "sandbox/process_state.hpp"

#include <sqlite3.h>

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

process_state::process_state() noexcept {
    for (std::size_t i = 0; i < timers_.size(); ++i) {
        ::getitimer(timers[i].which, &timers_[i]);
    }
    default_vfs_ = sqlite3_vfs_find(nullptr);
    temporary_directory_ = sqlite3_temp_directory;
}

std::vector<std::string> process_state::restore() const {
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
    if (const sqlite3_vfs* const now = sqlite3_vfs_find(nullptr); now != default_vfs_) {
        clauses.push_back(std::string("made '") + (now ? now->zName : "") +
                          "' the default VFS of SQLite");
        sqlite3_vfs_register(default_vfs_, 1);
    }
    if (sqlite3_temp_directory != temporary_directory_) {
        clauses.emplace_back("changed PRAGMA temp_store_directory");
        // Whose memory the new name is, nobody knows; the old one is gone if a PRAGMA was used.
        sqlite3_temp_directory = nullptr;
    }
    return clauses;
}

} // namespace isolite::sandbox
