#include "results/summary.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <string>

using namespace std::chrono_literals;
using isolite::results::case_result;
using isolite::results::outcome;
using isolite::results::summary_of;
using isolite::results::test_case;
using isolite::results::verdict;

namespace {

/// A run of a few cases, all of which passed in 10 ms.
struct small_run {
    explicit small_run(std::initializer_list<const char*> names) {
        for (const char* const name : names) {
            test_case added;
            added.name = name;
            cases.push_back(added);
            case_result result;
            result.verdict = verdict::passed;
            result.attempts = 1;
            result.duration = 10ms;
            run.results.push_back(result);
        }
        run.wall = 2s;
    }

    [[nodiscard]] std::string summary(unsigned durations = 0) const {
        return summary_of(run, cases, durations);
    }

    std::vector<test_case> cases;
    outcome run;
};

} // namespace

TEST_CASE("a run in which nothing special happened is summed up in a line") {
    CHECK(small_run({"a", "b"}).summary() == "isolite: 2 cases in 2.00 s: 2 passed, 0 failed.");
    CHECK(small_run({"a"}).summary() == "isolite: 1 case in 2.00 s: 1 passed, 0 failed.");
}

TEST_CASE("the first line counts the cases by their verdicts") {
    small_run done({"a", "b", "c", "d", "e", "f"});
    done.run.results[0].failures = 1;
    done.run.results[0].attempts = 2;
    done.run.results[2].verdict = verdict::failed;
    done.run.results[3].verdict = verdict::skipped;
    done.run.results[4].verdict = verdict::not_run;
    done.run.results[5].verdict = verdict::left_out;
    done.run.workers.resize(2);
    const std::string text = done.summary();
    CHECK(text.substr(0, text.find('\n')) ==
          "isolite: 6 cases in 2.00 s by 2 workers: 2 passed (1 flaky), 1 failed, 1 skipped, 1 not "
          "run, 1 left out (--failed).");
    CHECK(text.find("not run: e.") != std::string::npos);
}

TEST_CASE("the workers are told apart, and the speed-up is that of all attempts") {
    small_run done({"a", "b", "c"});
    done.run.workers = {{"w0", 2, 0, 2s, 1'900ms, 50ms}, {"w1", 1, 2, 2s, 1'960ms, 4ms}};
    CHECK(done.summary() ==
          "isolite: 3 cases in 2.00 s by 2 workers: 3 passed, 0 failed.\n"
          "  tests and fixtures took 3.91 s together, x1.96 the time of the run.\n"
          "  w0: 2 cases, 1.90 s in tests, 50.0 ms in fixtures (3% of both), idle "
          "for 50.0 ms (2% of its life).\n"
          "  w1: 1 case, 1.96 s in tests, 4.00 ms in fixtures (0% of both), idle "
          "for 36.0 ms (2% of its life), 2 replacements.");
}

TEST_CASE("a worker that never lived does not spoil the summary") {
    small_run done({"a"});
    done.run.wall = 0s;
    done.run.workers = {{"w0", 0, 0, 0s, 0s, 0s}};
    CHECK(done.summary() ==
          "isolite: 1 case in 0.00 us by 1 worker: 1 passed, 0 failed.\n"
          "  w0: 0 cases, 0.00 us in tests, 0.00 us in fixtures (0% of both), idle for "
          "0.00 us (0% of its life).");
}

TEST_CASE("the seed of a shuffled order is told, even 0") {
    small_run done({"a"});
    done.run.seed = 0;
    CHECK(done.summary() == "isolite: 1 case in 2.00 s: 1 passed, 0 failed.\n"
                            "  their order was shuffled: --shuffle=0 repeats this order.");
}

TEST_CASE("as many of the slowest cases are named as are wanted, the slowest first") {
    small_run done({"a", "b", "c", "d", "e"});
    done.run.results[1].duration = 12'340ms;
    done.run.results[2].duration = 999'600us;
    done.run.results[3].duration = 99min;
    done.run.results[3].attempts = 0; // was not run
    CHECK(done.summary(3) == "isolite: 5 cases in 2.00 s: 5 passed, 0 failed.\n"
                             "  slowest tests:\n"
                             "     12.3 s  b\n"
                             "     1.00 s  c\n"
                             "    10.0 ms  a");
    CHECK(done.summary(10) == "isolite: 5 cases in 2.00 s: 5 passed, 0 failed.\n"
                              "  slowest tests:\n"
                              "     12.3 s  b\n"
                              "     1.00 s  c\n"
                              "    10.0 ms  a\n"
                              "    10.0 ms  e");
}

TEST_CASE("equally slow cases are named in their order") {
    small_run done({});
    for (int i = 0; i < 100; ++i) {
        test_case added;
        added.name = std::to_string(i);
        done.cases.push_back(added);
        case_result result;
        result.attempts = 1;
        done.run.results.push_back(result);
    }
    CHECK(done.summary(4).find(
              "slowest tests:\n    0.00 us  0\n    0.00 us  1\n    0.00 us  2\n    0.00 us  3") !=
          std::string::npos);
}

TEST_CASE("flaky cases are named") {
    small_run done({"a", "b"});
    done.run.results[1].failures = 1;
    done.run.results[1].attempts = 2;
    CHECK(done.summary() == "isolite: 2 cases in 2.00 s: 2 passed (1 flaky), 0 failed.\n"
                            "  flaky: b failed 1 of 2 times.");
}

TEST_CASE("a case that failed is counted only when the run was repeated") {
    small_run done({"a"});
    done.run.results[0].verdict = verdict::failed;
    done.run.results[0].failures = 2;
    done.run.results[0].attempts = 20;
    CHECK(done.summary() == "isolite: 1 case in 2.00 s: 0 passed, 1 failed.");
    done.run.repetitions = 20;
    CHECK(done.summary() == "isolite: 1 case in 2.00 s: 0 passed, 1 failed.\n"
                            "  repeated: a failed 2 of 20 times.");
}

TEST_CASE("deaths, processes that were left and troubles are told") {
    small_run done({"a", "b"});
    done.run.results[0].death = "its worker was killed.\nit was in a\x1B handler\n";
    done.run.results[1].death = "it took too long";
    done.run.results[1].timed_out = true;
    done.run.results[1].left_processes = {"4711 (sleep)", "4712 (sh)"};
    done.run.left_processes = {"4713 (server)"};
    done.run.deaths_in_fixtures = {{{"orders", "", 0, "worker w0 died there"}, "no paper\n"}};
    done.run.troubles = {"The worker w1 died in no case."};
    CHECK(done.summary() == "isolite: 2 cases in 2.00 s: 2 passed, 0 failed.\n"
                            "  died: a: its worker was killed.\n"
                            "    it was in a\\x1b handler.\n"
                            "  timed out: b: it took too long.\n"
                            "  left running by b: 4711 (sleep), 4712 (sh).\n"
                            "  left running by a test: 4713 (server).\n"
                            "  worker w0 died there\n"
                            "    no paper.\n"
                            "  The worker w1 died in no case.");
}

TEST_CASE("a run that was interrupted says by what, and what it did not run") {
    small_run done({"a", "b", "c"});
    done.run.results[1].verdict = verdict::not_run;
    done.run.interrupted_by = SIGINT;
    CHECK(done.summary() == "isolite: 3 cases in 2.00 s: 2 passed, 0 failed, 1 not run.\n"
                            "  stopped by SIGINT: 1 case was not run.\n"
                            "  not run: b.");
    done.run.results[2].verdict = verdict::not_run;
    done.run.interrupted_by = SIGUSR1;
    CHECK(done.summary() == "isolite: 3 cases in 2.00 s: 1 passed, 0 failed, 2 not run.\n"
                            "  stopped by SIGUSR1: 2 cases were not run.\n"
                            "  not run: b, c.");
    done.run.results[0].verdict = verdict::failed;
    done.run.results[0].interrupted = true;
    done.run.results[0].death = "it was running";
    CHECK(done.summary() == "isolite: 3 cases in 2.00 s: 0 passed, 1 failed, 2 not run.\n"
                            "  stopped by SIGUSR1: 2 cases were not run.\n"
                            "  running then: a.\n"
                            "  not run: b, c.");
    done.run.interrupted_by = 1000;
    CHECK(done.summary().find("stopped by signal 1000: 2") != std::string::npos);
}

TEST_CASE("a run that was stopped after too many failures says how many") {
    small_run done({"a", "b"});
    done.run.results[0].verdict = verdict::failed;
    done.run.too_many_failures = true;
    CHECK(done.summary() == "isolite: 2 cases in 2.00 s: 1 passed, 1 failed.\n"
                            "  stopped after 1 failure (--maxfail).");
}

TEST_CASE("the first ten of the cases that were not run are named") {
    small_run done({"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"});
    for (case_result& result : done.run.results) {
        result.verdict = verdict::not_run;
    }
    CHECK(done.summary() == "isolite: 12 cases in 2.00 s: 0 passed, 0 failed, 12 not run.\n"
                            "  not run: a, b, c, d, e, f, g, h, i, j and 2 more.");
}

TEST_CASE("a name stays on its line") {
    small_run done({"a\nb\x1B"});
    CHECK(done.summary(1) == "isolite: 1 case in 2.00 s: 1 passed, 0 failed.\n"
                             "  slowest tests:\n    10.0 ms  a\\nb\\x1b");
}
