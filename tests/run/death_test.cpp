#include "run/death.hpp"
#include "run/run_files.hpp"

#include <doctest/doctest.h>

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

using namespace std::chrono_literals;

using isolite::run::death_by_timeout;
using isolite::run::death_of;

namespace {

/// Returns how a child that does this ended, as waitpid tells.
template <typename Body>
int status_of(const Body& body) {
    const pid_t child = ::fork();
    if (child == 0) {
        body();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

template <typename Body>
std::string death_by(const Body& body) {
    return death_of(status_of(body));
}

std::string death_by_signal(int signal) {
    return death_by([=] {
        std::signal(signal, SIG_DFL); // doctest watches some of them
        ::raise(signal);
    });
}

} // namespace

TEST_CASE("a death by a signal tells its number, name and meaning") {
    CHECK(death_by_signal(SIGKILL) == "its worker was killed by signal 9 (SIGKILL, Killed)");
    CHECK(death_by_signal(SIGSEGV) ==
          "its worker was killed by signal 11 (SIGSEGV, Segmentation fault)");
    CHECK(death_by_signal(SIGABRT) == "its worker was killed by signal 6 (SIGABRT, Aborted)");
    CHECK(death_by_signal(SIGRTMIN + 1) ==
          "its worker was killed by signal 35 (signal 35, Real-time signal 1)");
}

TEST_CASE("a death by exit tells its status") {
    CHECK(death_by([] {}) == "it ended the process of its worker with status 0");
    CHECK(death_by([] { ::_exit(1); }) == "it ended the process of its worker with status 1");
    CHECK(death_by([] { ::_exit(255); }) == "it ended the process of its worker with status 255");
    CHECK(death_by([] { ::_exit(isolite::run::exit_stray_child); }) ==
          "it ended the process of its worker with status 118");
}

TEST_CASE("a worker that lost its descriptors says so by its status") {
    CHECK(death_by([] { ::_exit(isolite::run::exit_lost_descriptors); }) ==
          "it closed the descriptors by which its worker reports");
}

TEST_CASE("a worker that has no room for its report says so by its status") {
    CHECK(death_by([] { ::_exit(isolite::run::exit_no_room); }) ==
          "it reported more than its worker has room for");
}

TEST_CASE("a death by a signal that stops tells that nobody let the worker go on") {
    CHECK(isolite::run::death_by_stop(SIGTTIN) ==
          "its worker was stopped by signal 21 (SIGTTIN, Stopped (tty input)), and killed");
}

TEST_CASE("what came to its end too late was not killed") {
    CHECK(isolite::run::lateness(5ms) == "it took longer than its timeout of 0.005 s");
    CHECK(isolite::run::lateness(2s, "the end") == "the end took longer than its timeout of 2 s");
}

TEST_CASE("the end of a worker is told as its own, not as that of a case") {
    CHECK(isolite::run::end_of(status_of([] { ::_exit(66); })) == "its status was 66");
    CHECK(isolite::run::end_of(status_of([] { ::raise(SIGKILL); })) ==
          "it was killed by signal 9 (SIGKILL, Killed)");
    CHECK(isolite::run::overdue_end(std::chrono::milliseconds(2500)) ==
          "it took longer than 2.5 s, and was killed");
}

TEST_CASE("a death by a timeout tells the timeout in seconds") {
    CHECK(death_by_timeout(1500ms) ==
          "it took longer than its timeout of 1.5 s, and its worker was killed");
    CHECK(death_by_timeout(1ms) ==
          "it took longer than its timeout of 0.001 s, and its worker was killed");
    CHECK(death_by_timeout(10min) ==
          "it took longer than its timeout of 600 s, and its worker was killed");
}
