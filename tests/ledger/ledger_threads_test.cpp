#include "ledger/ledger.hpp"

#include "../worker/temporary_directory.hpp"

#include <isolite/timed_fixture.hpp>

#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

using isolite::timed_fixture;
using isolite::records::ledger;

namespace {

constexpr int entries = 2000; // of each thread: they fill several pieces of a file

void enter_some() {
    for (int i = 0; i < entries; ++i) {
        const timed_fixture outer("outer");
        const timed_fixture inner("inner");
    }
}

/// Says whether a child can enter fixtures, too.
bool child_comes_through() {
    const pid_t child = ::fork();
    if (child == 0) {
        { const timed_fixture timed("of a child"); }
        if (isolite::records::ledger::of_process().account().has_fixtures()) {
            ::raise(SIGKILL); // not by `_exit`, where TSan complains of the threads that it lacks
        }
        ::_exit(1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

} // namespace

TEST_CASE("threads enter fixtures while others read the sums, run cases and fork") {
    const temporary_directory runs;
    ::setenv("ISOLITE_LEDGER", runs.path().c_str(), 1);
    ledger& kept = isolite::records::ledger::of_process();
    kept.begin_run();
    constexpr std::size_t writers = 3;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < writers; ++i) {
        threads.emplace_back(enter_some);
    }
    threads.emplace_back([&kept] {
        for (std::size_t i = 0; i < 200; ++i) {
            kept.begin_case("case", i, isolite::records::ledger::clock::now());
            static_cast<void>(kept.account());
            static_cast<void>(kept.summary("main"));
            static_cast<void>(
                kept.end_case({"passed", "", isolite::records::ledger::clock::now()}));
        }
    });
    for (int i = 0; i < 50; ++i) {
        CHECK(child_comes_through());
    }
    for (std::thread& each : threads) {
        each.join();
    }
    std::size_t count = 0;
    for (const isolite::records::billed_fixture& each : kept.account().fixtures()) {
        count += each.figures.count;
    }
    CHECK(count == 2 * writers * entries);
    CHECK(kept.account().tests() == 200);
}
