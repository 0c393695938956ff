#include "endings.hpp"
#include "small_run.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <thread>

using namespace std::chrono_literals;

using isolite::results::verdict;
using isolite::run::forked_worker;

namespace {

/// Takes longer than a timeout of 1 ms, and is not seen by the parent meanwhile.
void be_late(small_run& small) {
    small.files->records.of_worker(0).running = 0;
    const auto start = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - start < 2ms) {
        std::this_thread::yield();
    }
}

const char* const stopped =
    "its worker was stopped by signal 19 (SIGSTOP, Stopped (signal)), and killed";
const char* const late = "it took longer than its timeout of 0.001 s";

} // namespace

TEST_CASE("a case that came to its end too late fails, although its parent never looked") {
    small_run small(4, 1);
    small.cases[1].timeout = 1ms;
    const auto outcome = small.run([&](forked_worker& self, std::size_t position) {
        if (position == 0 || position == 1) {
            std::cout << "says case " << position;
            be_late(small);
        }
        return passed_if(position != 2 || !self.passed(1));
    });
    const auto& result = outcome.results[1];
    CHECK((result.verdict == verdict::failed));
    CHECK(result.failures == 1);
    CHECK(result.death == late);
    CHECK(result.why == late);
    CHECK(result.timed_out);
    CHECK(result.output == "says case 1");
    for (const std::size_t position : {0, 2, 3}) {
        CHECK((outcome.results[position].verdict == verdict::passed));
        CHECK_FALSE(outcome.results[position].timed_out);
    }
    CHECK(outcome.workers[0].replacements == 0);
    CHECK(outcome.workers[0].cases == 4);
    CHECK(small.files->records.of_run().failed == 1);
    CHECK(small.said == "isolite: failed: case 1 (w0)\n  it took longer than its timeout of 0.001 "
                        "s\nisolite: output of case 1:\nsays case 1\n");
}

TEST_CASE("a case that failed too late tells both, one that was skipped has no timeout") {
    small_run small(2, 1);
    small.timeout = 1ms;
    const auto outcome = small.run([&](forked_worker&, std::size_t position) {
        be_late(small);
        return position == 0 ? verdict::failed : verdict::skipped;
    });
    CHECK(outcome.results[0].death == late);
    CHECK(outcome.results[0].why == "it was told to");
    CHECK((outcome.results[1].verdict == verdict::skipped));
    CHECK(outcome.results[1].death == "");
}

TEST_CASE("a case whose worker was killed as it ended counts as others do") {
    small_run small(2, 1);
    const auto outcome = small.run([&](forked_worker&, std::size_t position) {
        if (position == 1 && incarnation() == 0) { // when the first had reported, and told nobody
            small.files->records.of_case(0).progress = isolite::run::progress_of_case::running;
            --small.files->records.of_run().done;
            ::raise(SIGKILL);
        }
        return verdict::passed;
    });
    CHECK((outcome.results[0].verdict == verdict::passed));
    CHECK((outcome.results[1].verdict == verdict::failed));
    CHECK(small.files->records.of_run().done == 2);
    CHECK(small.files->records.of_run().failed == 1);
}

TEST_CASE("a worker that is stopped by a signal fails its case, and is replaced") {
    small_run small(3, 1);
    const auto outcome = small.run([](forked_worker& self, std::size_t position) {
        if (position == 1) {
            self.record({1, "said before"});
            std::cout << "about to stop" << std::endl;
            ::raise(SIGSTOP);
        }
        return passed_if(incarnation() == (position > 1 ? 1 : 0));
    });
    const auto& result = outcome.results[1];
    CHECK((result.verdict == verdict::failed));
    CHECK(result.death == stopped);
    CHECK_FALSE(result.timed_out);
    CHECK(result.output == "about to stop\n");
    CHECK(result.events.size() == 1);
    CHECK((outcome.results[0].verdict == verdict::passed));
    CHECK((outcome.results[2].verdict == verdict::passed));
    CHECK(outcome.workers[0].replacements == 1);
    CHECK(outcome.troubles.empty());
}

TEST_CASE("a worker that is stopped outside of any case is replaced, and fails the run") {
    small_run small(1, 1);
    small.at_start = [](forked_worker&) {
        if (incarnation() == 0) {
            ::raise(SIGSTOP);
        }
    };
    const auto outcome = small.run([](forked_worker&, std::size_t) { return verdict::passed; });
    CHECK((outcome.results[0].verdict == verdict::passed));
    REQUIRE(outcome.troubles.size() == 1);
    CHECK(outcome.troubles[0] ==
          std::string("worker w0 died outside of any case: ") + stopped + "\n");
}

TEST_CASE("a worker that is stopped before its case is known to run is stopped in that case") {
    small_run small(2, 1);
    const auto outcome = small.run([&](forked_worker&, std::size_t position) {
        if (position == 0) {
            small.files->records.of_worker(0).running = 0; // as before `claim` has told all
            ::raise(SIGSTOP);
        }
        return verdict::passed;
    });
    CHECK(outcome.results[0].death == stopped);
    CHECK((outcome.results[1].verdict == verdict::passed));
}

TEST_CASE("a retry that is in time makes a case flaky that came too late before") {
    small_run small(1, 1);
    small.timeout = 1h;
    small.rounds = {{1}, {1, true}};
    const auto outcome = small.run([&](forked_worker&, std::size_t) {
        if (incarnation() == 0) {
            small.files->limits[0] = 1ms;
            be_late(small);
        }
        return verdict::passed;
    });
    CHECK(outcome.results[0].flaky());
    CHECK(outcome.results[0].why == late);
    CHECK(outcome.results[0].death == "");
    CHECK_FALSE(outcome.results[0].timed_out);
}
