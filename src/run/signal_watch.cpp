#include "run/signal_watch.hpp"

#include <pthread.h>

namespace isolite::run {

signal_watch::signal_watch() {
    ::sigemptyset(&awaited_);
    ::sigaddset(&awaited_, SIGCHLD);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction now {};
        // What is ignored, as SIGHUP under nohup, stays so: blocked, it would come nevertheless.
        if (::sigaction(signal, nullptr, &now) == 0 && now.sa_handler != SIG_IGN) {
            ::sigaddset(&awaited_, signal);
        }
    }
    ::pthread_sigmask(SIG_BLOCK, &awaited_, &before_);
    // Where it is ignored, children vanish before anybody can ask how they ended.
    struct sigaction usual {};
    usual.sa_handler = SIG_DFL;
    ::sigaction(SIGCHLD, &usual, &children_before_);
}

signal_watch::~signal_watch() {
    restore();
}

void signal_watch::restore() const {
    ::sigaction(SIGCHLD, &children_before_, nullptr);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

std::optional<int> signal_watch::wait(std::chrono::milliseconds most) const {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(most);
    timespec limit{};
    limit.tv_sec = seconds.count();
    limit.tv_nsec = std::chrono::nanoseconds(most - seconds).count();
    const int signal = ::sigtimedwait(&awaited_, nullptr, &limit);
    return signal > 0 ? std::optional<int>(signal) : std::nullopt;
}

std::optional<int> signal_watch::take_pending() const {
    std::optional<int> request;
    while (const auto signal = wait(std::chrono::milliseconds(0))) {
        if (*signal != SIGCHLD && !request) {
            request = signal;
        }
    }
    return request;
}

} // namespace isolite::run
