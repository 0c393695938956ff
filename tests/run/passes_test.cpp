#include "endings.hpp"
#include "small_run.hpp"

#include "run/passes.hpp"

#include <doctest/doctest.h>

#include <csignal>

using isolite::results::verdict;
using isolite::run::forked_worker;
using isolite::run::passes_of;

namespace {

using positions = std::vector<std::size_t>;

/// Which case ran how often in the process that a worker is.
std::vector<int>& runs_of_process() {
    static std::vector<int> runs;
    runs.resize(10);
    return runs;
}

} // namespace

TEST_CASE("an order is cut where a case comes once more") {
    using passes = std::vector<positions>;
    CHECK(passes_of({}).empty());
    CHECK(passes_of({2, 0, 1}) == passes{{2, 0, 1}});
    CHECK(passes_of({0, 0, 0}) == passes{{0}, {0}, {0}});
    CHECK(passes_of({0, 1, 2, 1, 0, 2}) == passes{{0, 1, 2}, {1, 0, 2}});
    CHECK(passes_of({0, 1, 1, 0, 1}) == passes{{0, 1}, {1, 0}, {1}});
}

TEST_CASE("one worker runs cases as often as they are named, in one process") {
    small_run small(3, 1);
    small.rounds = {{1, false, {2, 0, 2, 1}}};
    const auto outcome = small.run([](forked_worker&, std::size_t position) {
        return passed_if(++runs_of_process()[position] == 1 && incarnation() == 0);
    });
    CHECK(outcome.sequence == positions{2, 0, 2, 1});
    CHECK((outcome.results[0].verdict == verdict::passed));
    CHECK((outcome.results[1].verdict == verdict::passed));
    CHECK((outcome.results[2].verdict == verdict::failed));
    CHECK(outcome.results[2].attempts == 2);
    CHECK(outcome.results[2].failures == 1);
    CHECK(outcome.results[1].attempts == 1);
    CHECK(outcome.workers[0].cases == 4);
}

TEST_CASE("nobody runs a case in a pass that does not name it") {
    small_run small(3, 1);
    small.rounds = {{1, false, {0, 0, 1}}};
    small.at_start = [](forked_worker& self) {
        if (self.is_open(1) || self.is_open(2)) {
            ::_exit(98);
        }
    };
    const auto outcome = small.run([](forked_worker&, std::size_t) { return verdict::passed; });
    CHECK(outcome.sequence == positions{0, 0, 1});
    CHECK((outcome.results[2].verdict == verdict::not_run));
    CHECK(outcome.all_is_well() == false); // one was not run
    CHECK(outcome.workers[0].replacements == 0);
}

TEST_CASE(
    "a crash in a later pass fails the case, and what is left of that pass runs all the same") {
    small_run small(3, 1);
    small.rounds = {{1, false, {0, 1, 2, 0, 1, 2, 1}}};
    const auto outcome = small.run([](forked_worker&, std::size_t position) {
        if (++runs_of_process()[position] == 2 && position == 1) {
            ::raise(SIGKILL);
        }
        return verdict::passed;
    });
    CHECK(outcome.sequence == positions{0, 1, 2, 0, 1, 2, 1});
    CHECK((outcome.results[1].verdict == verdict::failed));
    CHECK(outcome.results[1].death == "its worker was killed by signal 9 (SIGKILL, Killed)");
    CHECK(outcome.results[1].attempts == 3);
    CHECK(outcome.results[1].failures == 1);
    CHECK((outcome.results[2].verdict == verdict::passed));
    CHECK(outcome.results[2].attempts == 2);
    CHECK(outcome.workers[0].replacements == 1);
    CHECK(outcome.troubles.empty());
}

TEST_CASE("a crash in the last case of a pass does not keep the next pass from running") {
    small_run small(2, 1);
    small.rounds = {{1, false, {0, 1, 0, 1}}};
    const auto outcome = small.run([](forked_worker&, std::size_t position) {
        if (position == 1 && incarnation() == 0) {
            ::raise(SIGKILL);
        }
        return verdict::passed;
    });
    CHECK(outcome.sequence == positions{0, 1, 0, 1});
    CHECK(outcome.results[0].attempts == 2);
    CHECK(outcome.results[1].failures == 1);
    CHECK(outcome.results[1].attempts == 2);
}

TEST_CASE("each round goes through its passes from the first on") {
    small_run small(1, 1);
    small.rounds = {{1, false, {0, 0}}, {1, false, {0, 0, 0}}};
    const auto outcome = small.run([](forked_worker&, std::size_t position) {
        return passed_if(++runs_of_process()[position] < 3);
    });
    CHECK(outcome.results[0].attempts == 5);
    CHECK(outcome.results[0].failures == 1);
}

TEST_CASE("a run that is to stop begins no further pass") {
    small_run small(2, 1);
    small.max_failures = 1;
    small.rounds = {{1, false, {0, 0, 1}}};
    const auto outcome = small.run([](forked_worker&, std::size_t) { return verdict::failed; });
    CHECK(outcome.sequence == positions{0});
    CHECK(outcome.too_many_failures);
}
