#include "os/early_stop.hpp"

#include <array>
#include <csignal>
#include <string_view>

#include <unistd.h>

namespace isolite::os {

namespace {

struct request {
    int signal;
    std::string_view notice; ///< Nothing can be put together in a handler.
};

constexpr std::array<request, 3> early_requests = {{
    {SIGINT, "isolite: stopped by SIGINT before the first case\n"},
    {SIGTERM, "isolite: stopped by SIGTERM before the first case\n"},
    {SIGHUP, "isolite: stopped by SIGHUP before the first case\n"},
}};

pid_t told_by = 0;

/// Is called once (SA_RESETHAND): the default action comes as soon as it returns.
void say_and_end(int signal) {
    if (told_by == ::getpid()) {
        for (const request& each : early_requests) {
            if (each.signal == signal) {
                // Nobody is left who could do anything if this fails.
                static_cast<void>(::write(STDERR_FILENO, each.notice.data(), each.notice.size()) <
                                  0);
            }
        }
    }
    ::raise(signal);
}

} // namespace

void tell_early_stop() {
    told_by = ::getpid();
    for (const request& each : early_requests) {
        struct sigaction now {};
        if (::sigaction(each.signal, nullptr, &now) == 0 && now.sa_handler == SIG_DFL) {
            struct sigaction ours {};
            ours.sa_handler = say_and_end;
            ours.sa_flags = static_cast<int>(SA_RESETHAND);
            ::sigaction(each.signal, &ours, nullptr);
        }
    }
}

void leave_early_stop() {
    for (const request& each : early_requests) {
        struct sigaction now {};
        if (::sigaction(each.signal, nullptr, &now) == 0 && now.sa_handler == say_and_end) {
            ::signal(each.signal, SIG_DFL);
        }
    }
}

} // namespace isolite::os
