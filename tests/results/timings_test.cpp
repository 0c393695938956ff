#include "results/timings.hpp"
#include "small_run.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace std::chrono_literals;
using isolite::results::timings_of;
using results_test::small_run;

namespace {

std::string slowest(const small_run& done, unsigned most) {
    return timings_of(done.run, done.cases, {false, most});
}

} // namespace

TEST_CASE("nothing is shown where nothing is wanted") {
    CHECK(slowest(small_run({"a", "b"}), 0).empty());
}

TEST_CASE("as many of the slowest cases are named as are wanted, the slowest first") {
    small_run done({"a", "b", "c", "d", "e"});
    done.run.results[1].duration = 12'340ms;
    done.run.results[2].duration = 999'600us;
    done.run.results[3].duration = 99min;
    done.run.results[3].attempts = 0; // was not run
    CHECK(slowest(done, 3) == "isolite: timings\n"
                              "  slowest tests:\n"
                              "     12.3 s  b\n"
                              "     1.00 s  c\n"
                              "    10.0 ms  a");
    CHECK(slowest(done, 10) == "isolite: timings\n"
                               "  slowest tests:\n"
                               "     12.3 s  b\n"
                               "     1.00 s  c\n"
                               "    10.0 ms  a\n"
                               "    10.0 ms  e");
}

TEST_CASE("equally slow cases are named in their order") {
    small_run done({"0", "1", "2", "3", "4", "5"});
    CHECK(slowest(done, 4).find("slowest tests:\n    10.0 ms  0\n    10.0 ms  1\n    10.0 ms  2\n"
                                "    10.0 ms  3") != std::string::npos);
}

TEST_CASE("the tables tell the workers apart, and the speed-up is that of all attempts") {
    small_run done({"a", "b", "c"});
    done.run.is_forked = true;
    done.run.preparing = 3ms;
    done.run.workers = {{"w0", 2, 0, 2s, 1'900ms, 50ms}, {"w1", 1, 2, 2s, 1'960ms, 4ms}};
    CHECK(timings_of(done.run, done.cases, {true, 0}) ==
          "isolite: timings\n"
          "  tests and fixtures took 3.91 s together, x1.96 the time of the run.\n"
          "  before that, the images of their databases were made ready in 3.00 ms.\n"
          "  w0: 2 cases, 1.90 s in tests, 50.0 ms in fixtures (3% of both), idle "
          "for 50.0 ms (2% of its life).\n"
          "  w1: 1 case, 1.96 s in tests, 4.00 ms in fixtures (0% of both), idle "
          "for 36.0 ms (2% of its life), 2 replacements.\n"
          "  isolite report shows this run again, and compares it with earlier ones");
}

TEST_CASE("a worker that never lived does not spoil the tables") {
    small_run done({"a"});
    done.run.wall = 0s;
    done.run.workers = {{"w0", 0, 0, 0s, 0s, 0s}};
    CHECK(timings_of(done.run, done.cases, {true, 0}) ==
          "isolite: timings\n"
          "  w0: 0 cases, 0.00 us in tests, 0.00 us in fixtures (0% of both), idle for "
          "0.00 us (0% of its life).\n"
          "  isolite report shows this run again, and compares it with earlier ones");
}

TEST_CASE(
    "a process names the seeds that it applies for itself; workers get what their parent seeds") {
    small_run done({"a"});
    done.run.costs.add_seeding_alone("shop", "its step 'prices' declares no version");
    const std::string line =
        "\n  every worker seeds 'shop' for itself: its step 'prices' declares no version.\n";
    CHECK(timings_of(done.run, done.cases, {true, 0}).find(line) != std::string::npos);
    done.run.is_forked = true;
    CHECK(timings_of(done.run, done.cases, {true, 0}).find(line) == std::string::npos);
}

TEST_CASE("a name stays on its line") {
    CHECK(slowest(small_run({"a\nb\x1B"}), 1) ==
          "isolite: timings\n  slowest tests:\n    10.0 ms  a\\nb\\x1b");
}
