#include "../sandbox/in_child.hpp"
#include "endings.hpp"
#include "os/signal_name.hpp"
#include "run/signal_watch.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

using namespace std::chrono_literals;

using isolite::os::name_of_signal;
using isolite::run::signal_watch;

namespace {

std::string awaited(const signal_watch& watch, std::chrono::milliseconds most = 20s) {
    const auto signal = watch.wait(most);
    return signal ? name_of_signal(*signal) : "nothing";
}

bool is_blocked(int signal) {
    sigset_t mask;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    return ::sigismember(&mask, signal) == 1;
}

std::string blocked() {
    std::string names;
    for (const int signal : {SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGUSR1}) {
        names += is_blocked(signal) ? name_of_signal(signal) + " " : "";
    }
    return names;
}

/// Starts a child that ends at once with this status.
pid_t start_child(int status) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(status);
    }
    return child;
}

} // namespace

TEST_CASE("a watch returns each signal that asks a process to end") {
    const std::string seen = in_child([] {
        for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
            ::signal(signal, SIG_DFL); // nohup ignores one of them
        }
        const signal_watch watch;
        std::string names;
        for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
            ::kill(::getpid(), signal);
            names += awaited(watch) + " ";
        }
        return names + awaited(watch, 0ms);
    });
    CHECK(seen == "SIGINT SIGTERM SIGHUP nothing");
}

TEST_CASE("a watch waits for a signal that comes later") {
    const std::string seen = in_child([] {
        const signal_watch watch;
        const pid_t parent = ::getpid();
        const pid_t child = ::fork();
        if (child == 0) {
            ::kill(parent, SIGTERM);
            ::pause();
        }
        const std::string first = awaited(watch, 19999ms);
        ::kill(child, SIGKILL);
        return first + " " + awaited(watch, 19999ms);
    });
    CHECK(seen == "SIGTERM SIGCHLD");
}

TEST_CASE("a watch returns nothing when no signal came in time, and not before") {
    const std::string seen = in_child([] {
        const signal_watch watch;
        const auto start = std::chrono::steady_clock::now();
        const std::string name = awaited(watch, 20ms);
        return name + (std::chrono::steady_clock::now() - start >= 20ms ? "" : " too early");
    });
    CHECK(seen == "nothing");
}

TEST_CASE("a watch holds its signals back, and gives back the mask that was before") {
    const std::string seen = in_child([] {
        sigset_t mask;
        ::sigemptyset(&mask);
        ::sigaddset(&mask, SIGUSR1);
        ::sigaddset(&mask, SIGHUP);
        ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
        std::string during;
        {
            const signal_watch watch;
            during = blocked();
        }
        return during + "| " + blocked();
    });
    CHECK(seen == "SIGCHLD SIGINT SIGTERM SIGHUP SIGUSR1 | SIGHUP SIGUSR1 ");
}

TEST_CASE("a watch may leave the process deaf to what asks it to end, and to nothing else") {
    const std::string seen = in_child([] {
        for (const int signal : {SIGINT, SIGTERM}) {
            ::signal(signal, SIG_DFL);
        }
        ::signal(SIGHUP, SIG_IGN);
        {
            signal_watch watch;
            watch.keep_requests();
            watch.restore(); // as in a child of it
            if (!blocked().empty()) {
                return "at once: " + blocked();
            }
        }
        ::raise(SIGTERM);
        return blocked();
    });
    CHECK(seen == "SIGINT SIGTERM ");
}

TEST_CASE("a signal that nobody waited for arrives when the watch ends") {
    const std::string seen = in_child([] {
        static volatile std::sig_atomic_t arrived = 0;
        std::signal(SIGTERM, [](int signal) { arrived = signal; });
        std::string during;
        {
            const signal_watch watch;
            ::raise(SIGTERM);
            during = std::to_string(arrived);
        }
        return during + " " + name_of_signal(arrived);
    });
    CHECK(seen == "0 SIGTERM");
}

TEST_CASE("where SIGCHLD is ignored, children can be asked how they ended during a watch only") {
    const std::string seen = in_child([] {
        std::signal(SIGCHLD, SIG_IGN);
        std::string text = status_of(start_child(7));
        {
            const signal_watch watch;
            text += " " + status_of(start_child(7));
        }
        return text + " " + status_of(start_child(7));
    });
    CHECK(seen == "lost 7 lost");
}

TEST_CASE("a forked child gets back what was before the watch of its parent") {
    const std::string seen = in_child([] {
        std::signal(SIGCHLD, SIG_IGN);
        const signal_watch watch;
        return in_child([&] {
            watch.restore();
            return blocked() + status_of(start_child(7));
        });
    });
    CHECK(seen == "lost");
}
