#include "run/signal_watch.hpp"

#include <array>

#include <pthread.h>

namespace isolite::run {

namespace {

/// What asks a process to end.
constexpr std::array requests = {SIGINT, SIGTERM, SIGHUP};

} // namespace

signal_watch::signal_watch() {
    ::sigemptyset(&awaited_);
    ::sigaddset(&awaited_, SIGCHLD);
    for (const int signal : requests) {
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
    for (const int signal : requests) {
        if (keeps_requests_ && ::sigismember(&awaited_, signal) == 1) {
            ::sigaddset(&before_, signal);
        }
    }
    restore();
}

void signal_watch::keep_requests() {
    keeps_requests_ = true;
    struct sigaction now {};
    if (::sigaction(SIGPIPE, nullptr, &now) == 0 && now.sa_handler == SIG_DFL) {
        ::signal(SIGPIPE, SIG_IGN);
    }
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
