#include "results/work_share.hpp"
#include "small_run.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace std::chrono_literals;
using isolite::records::fixture_kind;
using isolite::results::share_of_work;
using results_test::small_run;

namespace {

/// Five cases that took so long together, and fixtures.
small_run spent(std::chrono::nanoseconds tests, std::chrono::nanoseconds fixtures) {
    small_run done({"a", "b", "c", "d", "e"});
    done.run.workers = {{"w0", 5, 0, 2s, tests, fixtures}};
    done.run.costs.add({fixture_kind::image_built, "shop", fixtures}, "");
    return done;
}

std::string share_of(const small_run& done) {
    return share_of_work(done.run, done.cases);
}

} // namespace

TEST_CASE("fixtures are named when they took more than a tenth of all work") {
    CHECK(share_of(spent(900ms, 100ms)).empty());
    CHECK(share_of(spent(890ms, 110ms)) == "fixtures took 11% of all work");
}

TEST_CASE("what took less than 100 ms is not worth a look") {
    CHECK(share_of(spent(1ms, 99ms)).empty());
    small_run done = spent(1ms, 0ms);
    done.run.wall = 99ms;
    done.run.results[2].duration = 99ms;
    CHECK(share_of(done).empty());
}

TEST_CASE("a case is named when it took more than a quarter of the run's time") {
    small_run done = spent(2s, 0ms);
    done.run.results[2].duration = 500ms;
    CHECK(share_of(done).empty());
    done.run.results[2].duration = 520ms;
    CHECK(share_of(done) == "c took 26% of the run's time");
    done.run.results[2].fixtures = 20ms; // which are no matter of the case
    CHECK(share_of(done).empty());
}

TEST_CASE("of four cases one always takes a quarter") {
    small_run done({"a", "b", "c", "d"});
    done.run.results[2].duration = 1s;
    CHECK(share_of(done).empty());
}

TEST_CASE("both are one line") {
    small_run done = spent(100ms, 1s);
    done.run.results[2].duration = 1s;
    CHECK(share_of(done) == "fixtures took 91% of all work, c took 50% of the run's time");
}
