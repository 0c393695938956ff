#include "run/open_fixture.hpp"
#include "small_run.hpp"

#include <doctest/doctest.h>

#include <thread>

#include <unistd.h>

using namespace std::chrono_literals;

using isolite::results::verdict;
using isolite::run::fixture_phase;
using isolite::run::forked_worker;
using isolite::run::open_fixture;

namespace {

void wait_until_late(const open_fixture& fixture) {
    while (!fixture.overdue(1ms)) {
        std::this_thread::yield();
    }
}

} // namespace

TEST_CASE("a fixture is overdue from when it has taken longer than its limit until it is left") {
    open_fixture fixture;
    CHECK_FALSE(fixture.is_open());
    CHECK_FALSE(fixture.overdue(1ms));
    fixture.enter({"orders", true});
    CHECK(fixture.is_open());
    CHECK_FALSE(fixture.overdue(1h));
    wait_until_late(fixture);
    CHECK(fixture.overdue(1ms)->suite == "orders");
    CHECK(fixture.overdue(1ms)->ends);
    CHECK_FALSE(fixture.overdue(0ms));
    fixture.leave();
    CHECK_FALSE(fixture.overdue(1ms));
}

TEST_CASE("of a long name of a suite the beginning is kept") {
    open_fixture fixture;
    fixture.enter({std::string(1000, 'x'), false});
    wait_until_late(fixture);
    CHECK(fixture.overdue(1ms)->suite == std::string(255, 'x'));
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
    REQUIRE(outcome.troubles.size() == 1);
    CHECK(outcome.troubles[0] ==
          "worker w0 died outside of any case: the end of the suite 'orders' took longer than its "
          "timeout of 0.02 s, and its worker was killed\n");
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
