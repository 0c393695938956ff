#include "results/verdict.hpp"
#include "small_run.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <string>

using namespace std::chrono_literals;
using isolite::results::case_result;
using isolite::results::has_something_to_tell;
using isolite::results::next_commands;
using isolite::results::verdict;
using results_test::small_run;

namespace {

std::string told(const small_run& done, const next_commands& commands = {}) {
    return isolite::results::verdict_of(done.run, done.cases, commands);
}

} // namespace

TEST_CASE("a run in which nothing special happened has one line") {
    CHECK(told(small_run({"a", "b"})) == "isolite: 2 passed in 2.00 s");
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
    done.run.is_forked = true;
    const std::string text = told(done);
    CHECK(text.substr(0, text.find('\n')) ==
          "isolite: 2 passed (1 flaky), 1 failed, 1 skipped, 1 not run, 1 left out (--failed) in "
          "2.00 s by 2 workers");
    CHECK(text.find("\n  not run: e\n") != std::string::npos);
}

TEST_CASE("the seed of a shuffled order is told, even 0") {
    small_run done({"a"});
    done.run.seed = 0;
    CHECK(told(done) == "isolite: 1 passed in 2.00 s, in the order of --shuffle=0");
}

TEST_CASE("a run of no case says that nothing was run") {
    CHECK(told(small_run({})) == "isolite: nothing was run: no case was chosen");
    small_run done({"a", "b"});
    for (case_result& each : done.run.results) {
        each.verdict = verdict::left_out;
    }
    CHECK(told(done) ==
          "isolite: nothing was run: of 2 cases none failed the last time (--failed)");
}

TEST_CASE("failed cases and the commands are the last lines, each case in one") {
    small_run done({"a", "b", "c"});
    done.cases[0].file = "shop.cpp";
    done.cases[0].line = 7;
    done.run.results[0].verdict = verdict::failed;
    done.run.results[0].why = "shop.cpp(9): 1 == 2 failed.\nand more";
    done.run.results[0].left_processes = {"4711 (sleep)"};
    done.run.results[2].verdict = verdict::failed;
    CHECK(told(done, {"shop --failed", "gdb --args shop a", "--timings"}) ==
          "isolite: 1 passed, 2 failed in 2.00 s\n"
          "  left running by a: 4711 (sleep)\n"
          "  failed: a  shop.cpp(9): 1 == 2 failed\n"
          "  failed: c\n"
          "  again: shop --failed      debug: gdb --args shop a");
}

TEST_CASE("long commands have a line each") {
    small_run done({"a"});
    done.run.results[0].verdict = verdict::failed;
    const std::string name(100, 'x');
    CHECK(told(done, {"shop --failed", "gdb --args shop " + name, ""}) ==
          "isolite: 1 failed in 2.00 s\n"
          "  failed: a\n"
          "  again: shop --failed\n"
          "  debug: gdb --args shop " +
              name);
    CHECK(told(done, {"", "gdb --args shop a", "", "'a' may pass alone"}) ==
          "isolite: 1 failed in 2.00 s\n  failed: a\n  'a' may pass alone\n  debug: gdb --args "
          "shop a");
    CHECK(told(done, {"", "gdb --args shop a", ""}) ==
          "isolite: 1 failed in 2.00 s\n  failed: a\n  debug: gdb --args shop a");
}

TEST_CASE("a flaky case is named before those that failed") {
    small_run done({"a", "b"});
    done.run.results[0].verdict = verdict::failed;
    done.run.results[1].failures = 1;
    done.run.results[1].attempts = 2;
    done.run.results[1].why = "it was late";
    CHECK(told(done) == "isolite: 1 passed (1 flaky), 1 failed in 2.00 s\n"
                        "  flaky: b (failed 1 of 2 times)  it was late\n"
                        "  failed: a");
}

TEST_CASE("a flaky case may fail the run, which is told") {
    small_run done({"a", "b"});
    done.run.results[1].failures = 1;
    done.run.results[1].attempts = 2;
    done.run.fails_flaky = true;
    CHECK_FALSE(done.run.all_is_well());
    CHECK(told(done) == "isolite: 2 passed (1 flaky) in 2.00 s\n"
                        "  flaky: b (failed 1 of 2 times)\n"
                        "  a flaky case fails the run (--fail-flaky)");
    done.run.results[1].failures = 0;
    CHECK(done.run.all_is_well());
}

TEST_CASE("in colours failures are red, flaky cases yellow, and a run in which all is well green") {
    const auto coloured = [](const small_run& done) {
        return isolite::results::verdict_of(done.run, done.cases, {}, true);
    };
    small_run done({"a", "b", "c"});
    CHECK(coloured(done) == "isolite: \033[32m3 passed\033[m in 2.00 s");
    done.run.results[0].verdict = verdict::failed;
    done.run.results[1].failures = 1;
    CHECK(coloured(done) == "isolite: 2 passed (1 flaky), \033[31m1 failed\033[m in 2.00 s\n"
                            "  \033[33mflaky\033[m: b\n"
                            "  \033[31mfailed\033[m: a");
}

TEST_CASE("deaths, processes that were left and troubles are told") {
    small_run done({"a", "b"});
    for (case_result& each : done.run.results) {
        each.verdict = verdict::failed;
    }
    done.run.results[0].died = true;
    done.run.results[0].why = "its worker was killed.\nit was in a\x1B handler\n";
    done.run.results[1].why = "it took too long";
    done.run.results[1].timed_out = true;
    done.run.results[1].died = true;
    done.run.left_processes = {"4713 (server)"};
    done.run.failures_outside = {{"orders", "shop.cpp", 3, "no price\nlist"}, {"", "", 0, "late"}};
    done.run.deaths_in_fixtures = {{{"orders", "", 0, "worker w0 died there"}, "no paper\n"}};
    done.run.troubles = {"The worker w1 died in no case."};
    CHECK(told(done) == "isolite: 2 failed, 3 failed outside of cases in 2.00 s\n"
                        "  left running by a test: 4713 (server)\n"
                        "  died: a  its worker was killed\n"
                        "  timed out: b  it took too long\n"
                        "  failed outside of cases: orders  shop.cpp(3): no price\n"
                        "  failed outside of cases: late\n"
                        "  worker w0 died there\n"
                        "    no paper\n"
                        "  The worker w1 died in no case");
}

TEST_CASE("a run that was interrupted says by what, and what it did not run") {
    small_run done({"a", "b", "c"});
    done.run.results[1].verdict = verdict::not_run;
    done.run.interrupted_by = SIGINT;
    CHECK(told(done) == "isolite: 2 passed, 1 not run in 2.00 s\n"
                        "  stopped by SIGINT: 1 case was not run\n"
                        "  not run: b");
    done.run.results[2].verdict = verdict::not_run;
    done.run.results[0].verdict = verdict::failed;
    done.run.results[0].interrupted = true;
    done.run.results[0].died = true;
    done.run.results[0].why = "it was running";
    done.run.interrupted_by = SIGUSR1;
    CHECK(told(done) == "isolite: 1 failed, 2 not run in 2.00 s\n"
                        "  stopped by SIGUSR1: 2 cases were not run\n"
                        "  running when stopped: a\n"
                        "  not run: b, c");
    done.run.interrupted_by = 1000;
    CHECK(told(done).find("stopped by signal 1000: 2") != std::string::npos);
}

TEST_CASE("a run that was stopped after too many failures says how many") {
    small_run done({"a", "b"});
    done.run.results[0].verdict = verdict::failed;
    done.run.too_many_failures = true;
    CHECK(told(done) == "isolite: 1 passed, 1 failed in 2.00 s\n"
                        "  stopped after 1 failure (--maxfail)\n"
                        "  failed: a");
}

TEST_CASE("the first ten of the cases that were not run are named") {
    small_run done({"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"});
    for (case_result& result : done.run.results) {
        result.verdict = verdict::not_run;
    }
    CHECK(told(done) == "isolite: 12 not run in 2.00 s\n"
                        "  not run: a, b, c, d, e, f, g, h, i, j and 2 more");
}

TEST_CASE("a run says which part one case had of it, and what shows more") {
    small_run done({"a", "b", "c", "d", "slow"});
    done.run.results[4].duration = 1s;
    CHECK(told(done) == "isolite: 5 passed in 2.00 s");
    CHECK(told(done, {"", "", "--timings"}) ==
          "isolite: 5 passed in 2.00 s\n"
          "  slow took 50% of the run's time: --timings or isolite report shows more");
}

TEST_CASE("a run has something to tell if anything failed, was flaky or did not end") {
    small_run done({"a"});
    CHECK_FALSE(has_something_to_tell(done.run));
    done.run.results[0].failures = 1;
    CHECK(has_something_to_tell(done.run));
    done.run.results[0].verdict = verdict::failed;
    CHECK(has_something_to_tell(done.run));
    done.run.results[0] = small_run({"a"}).run.results[0];
    done.run.failures_outside.emplace_back();
    CHECK(has_something_to_tell(done.run));
    done.run.failures_outside.clear();
    done.run.interrupted_by = SIGTERM;
    CHECK(has_something_to_tell(done.run));
}
