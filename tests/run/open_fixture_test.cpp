#include "run/open_fixture.hpp"
#include "small_run.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdio>
#include <thread>

#include <unistd.h>

using namespace std::chrono_literals;

using isolite::results::verdict;
using isolite::run::fixture_phase;
using isolite::run::forked_worker;
using isolite::run::open_fixture;

namespace {

void wait_until_late(const open_fixture& fixture) {
    while (!fixture.is_overdue(1ms)) {
        std::this_thread::yield();
    }
}

} // namespace

TEST_CASE("a fixture is overdue from when it has taken longer than its limit until it is left") {
    open_fixture fixture;
    CHECK_FALSE(fixture.is_open());
    CHECK_FALSE(fixture.is_overdue(1ms));
    CHECK_FALSE(fixture.phase());
    fixture.enter({"orders", true});
    CHECK(fixture.is_open());
    CHECK_FALSE(fixture.is_overdue(1h));
    wait_until_late(fixture);
    CHECK(fixture.phase()->suite == "orders");
    CHECK(fixture.phase()->ends);
    CHECK_FALSE(fixture.is_overdue(0ms));
    fixture.leave();
    CHECK_FALSE(fixture.is_overdue(1ms));
}

TEST_CASE("of a long name of a suite the beginning is kept") {
    open_fixture fixture;
    fixture.enter({std::string(1000, 'x'), false});
    wait_until_late(fixture);
    CHECK(fixture.phase()->suite == std::string(255, 'x'));
}

TEST_CASE("fixtures are named by their suite, and are around the suites in it") {
    CHECK(fixture_phase{"a/b", false}.text() == "the set-up of the suite 'a/b'");
    CHECK(fixture_phase{"", true}.text() == "the end of the program");
    const fixture_phase orders{"orders", false};
    CHECK(orders.is_around("orders"));
    CHECK(orders.is_around("orders/inner"));
    CHECK_FALSE(orders.is_around("orders of others"));
    CHECK_FALSE(orders.is_around(""));
    CHECK(fixture_phase{}.is_around("orders"));
}

TEST_CASE("a set-up that comes to its end too late is killed all the same") {
    small_run small(2, 1);
    small.timeout = 1ms;
    small.at_start = [&](forked_worker& self) {
        if (incarnation() == 0) {
            static_cast<void>(self.is_open(0));
            self.enter_fixture({"", false});
            wait_until_late(small.files->records.of_worker(0).fixture);
        }
    };
    const auto outcome = small.run([](forked_worker& self, std::size_t) {
        self.begin();
        return verdict::passed;
    });
    const std::string late = "the set-up of the program took longer than its timeout of 0.001 s, "
                             "and its worker was killed";
    CHECK(outcome.results[0].death == late);
    CHECK(outcome.results[0].timed_out);
    CHECK((outcome.results[1].verdict == verdict::not_run));
    CHECK(outcome.results[1].why == late);
    CHECK(outcome.troubles.empty());
}

TEST_CASE("the end of a suite that takes too long costs the case nothing that was claimed") {
    small_run small(2, 1);
    small.timeout = 20ms;
    small.cases[0].timeout = small.cases[1].timeout = 1h;
    const auto outcome = small.run([](forked_worker& self, std::size_t position) {
        if (position == 1 && incarnation() == 0) {
            self.enter_fixture({"orders", true});
            for (;;) {
                ::pause();
            }
        }
        self.begin();
        return verdict::passed;
    });
    for (const auto& each : outcome.results) {
        CHECK((each.verdict == verdict::passed));
        CHECK(each.attempts == 1);
    }
    REQUIRE(outcome.deaths_in_fixtures.size() == 1);
    CHECK(outcome.deaths_in_fixtures[0].failure.why ==
          "worker w0 died outside of any case: the end of the suite 'orders' took longer than its "
          "timeout of 0.02 s, and its worker was killed");
    CHECK(outcome.troubles.empty());
}

TEST_CASE("a death at the end of a suite is that of the suite, not of the case claimed meanwhile") {
    for (const int signal : {SIGKILL, SIGSTOP}) {
        CAPTURE(signal);
        small_run small(3, 1);
        for (std::size_t i = 0; i < 3; ++i) {
            small.cases[i].suite = i == 0 ? "goods" : "orders";
            small.cases[i].file = "shop_test.cpp";
            small.cases[i].line = static_cast<unsigned>(10 + i);
        }
        const auto outcome = small.run([&](forked_worker& self, std::size_t position) {
            if (position == 2 && incarnation() == 0) {
                self.enter_fixture({"orders", true});
                std::fputs("no way out\n", stderr);
                ::raise(signal);
            }
            self.begin();
            return verdict::passed;
        });
        for (const auto& each : outcome.results) {
            CHECK((each.verdict == verdict::passed));
            CHECK(each.attempts == 1);
        }
        CHECK(outcome.troubles.empty());
        CHECK_FALSE(outcome.all_is_well());
        REQUIRE(outcome.deaths_in_fixtures.size() == 1);
        const auto& [failure, output] = outcome.deaths_in_fixtures[0];
        CHECK(failure.suite == "orders");
        CHECK(failure.file == "shop_test.cpp");
        CHECK(failure.line == 11);
        CHECK(failure.why ==
              std::string("worker w0 died outside of any case: its worker was ") +
                  (signal == SIGKILL
                       ? "killed by signal 9 (SIGKILL, Killed)"
                       : "stopped by signal 19 (SIGSTOP, Stopped (signal)), and killed") +
                  " during the end of the suite 'orders'");
        CHECK(output == "no way out\n");
    }
}

TEST_CASE("a death at the end of the program is nobody's") {
    small_run small(1, 1);
    small.cases[0].file = "shop_test.cpp";
    const auto outcome = small.run([](forked_worker& self, std::size_t) {
        self.begin();
        self.finish(verdict::passed, "");
        self.enter_fixture({"", true});
        ::_exit(0);
        return verdict::passed;
    });
    CHECK((outcome.results[0].verdict == verdict::passed));
    REQUIRE(outcome.deaths_in_fixtures.size() == 1);
    const auto& [failure, output] = outcome.deaths_in_fixtures[0];
    CHECK(failure.suite.empty());
    CHECK(failure.file.empty());
    CHECK(failure.why == "worker w0 died outside of any case: it ended the process of its worker "
                         "with status 0 during the end of the program");
    CHECK(output.empty());
}

TEST_CASE(
    "a death in the set-up of a suite fails the case that was claimed, and says where it was") {
    small_run small(2, 1);
    const auto outcome = small.run([](forked_worker& self, std::size_t position) {
        if (position == 0) {
            self.enter_fixture({"orders", false});
            ::raise(SIGKILL);
        }
        self.begin();
        return verdict::passed;
    });
    CHECK(outcome.results[0].death == "its worker was killed by signal 9 (SIGKILL, Killed) during "
                                      "the set-up of the suite 'orders'");
    CHECK((outcome.results[1].verdict == verdict::passed));
    CHECK(outcome.deaths_in_fixtures.empty());
}

TEST_CASE("a case is no longer in the fixtures around it when it has begun") {
    small_run small(1, 1);
    const auto outcome = small.run([](forked_worker& self, std::size_t) {
        self.enter_fixture({"orders", false});
        self.begin();
        ::raise(SIGKILL);
        return verdict::passed;
    });
    CHECK(outcome.results[0].death == "its worker was killed by signal 9 (SIGKILL, Killed)");
}

TEST_CASE("a set-up without a limit of its own has that of the case that was claimed") {
    small_run small(1, 1);
    small.cases[0].timeout = 20ms;
    const auto outcome = small.run([](forked_worker& self, std::size_t) {
        self.enter_fixture({"orders", false});
        for (;;) {
            ::pause();
        }
        return verdict::passed;
    });
    CHECK(outcome.results[0].timed_out);
}

TEST_CASE("the set-up of a suite that takes too long fails the case that was claimed") {
    small_run small(3, 1);
    small.timeout = 20ms;
    for (auto& each : small.cases) {
        each.timeout = 1h;
        each.suite = "orders";
    }
    small.cases[2].suite = "others";
    const auto outcome = small.run([](forked_worker& self, std::size_t position) {
        if (position == 0) {
            self.enter_fixture({"orders", false});
            for (;;) {
                ::pause();
            }
        }
        self.begin();
        return verdict::passed;
    });
    CHECK((outcome.results[0].verdict == verdict::failed));
    CHECK(outcome.results[0].timed_out);
    CHECK((outcome.results[1].verdict == verdict::not_run));
    CHECK((outcome.results[2].verdict == verdict::passed));
}
