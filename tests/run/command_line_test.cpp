#include "../sandbox/in_child.hpp"
#include "os/own_process.hpp"
#include "run/command_line.hpp"

#include <isolite/command_line.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <vector>

#include <cstdlib>

using isolite::errc;
using isolite::results::summary_level;
using isolite::run::combine;
using isolite::run::options;
using isolite::run::take_from;
using isolite::run::taken_options;
using isolite::workers::environment;

namespace {

using words = std::vector<std::string>;
using variables = std::map<std::string, std::string>;

/// A command line that lives as long as the process that was started with it.
class command_line {
  public:
    explicit command_line(words arguments) : texts_(std::move(arguments)) {
        texts_.insert(texts_.begin(), "/build/shop_test");
        for (std::string& text : texts_) {
            argv_.push_back(text.data());
        }
        argc = static_cast<int>(argv_.size());
        argv_.push_back(nullptr);
    }

    char** argv() { return argv_.data(); }

    /// Returns what is left behind the program's name.
    [[nodiscard]] words rest() const {
        CHECK(argv_[static_cast<std::size_t>(argc)] == nullptr);
        CHECK(argv_[0] == texts_[0].data());
        return {argv_.begin() + 1, argv_.begin() + argc};
    }

    int argc = 0;

  private:
    words texts_;
    std::vector<char*> argv_;
};

words rest_of(words arguments) {
    command_line line(std::move(arguments));
    REQUIRE(take_from(line.argc, line.argv()));
    return line.rest();
}

isolite::result<options> chosen(words arguments, variables set = {}) {
    command_line line(std::move(arguments));
    return take_from(line.argc, line.argv()).and_then([&](const taken_options& taken) {
        return combine(taken, environment(std::move(set)));
    });
}

options valid(words arguments, variables set = {}) {
    const auto found = chosen(std::move(arguments), std::move(set));
    INFO((found ? "" : found.error().text()));
    REQUIRE(found);
    return *found;
}

std::string failure(words arguments, variables set = {}) {
    const auto found = chosen(std::move(arguments), std::move(set));
    return found ? "" : found.error().text();
}

/// Returns `auto`, or the number of workers.
std::string workers(words arguments, variables set = {}) {
    const auto found = valid(std::move(arguments), std::move(set)).workers;
    return found ? std::to_string(*found) : "auto";
}

long timeout(const std::string& text) {
    return static_cast<long>(valid({"--timeout=" + text}).timeout.count());
}

std::string report(words arguments) {
    return valid(std::move(arguments)).reports.junit;
}

} // namespace

TEST_CASE("without options all cases run in this process, as long as they like") {
    const options found = valid({});
    CHECK_FALSE(found.forks());
    CHECK(found.timeout.count() == 0);
    CHECK_FALSE(found.reports.durations);
    CHECK(found.reports.summary == summary_level::usual);
    CHECK(found.max_failures == 0);
    CHECK_FALSE(found.shuffle);
    CHECK_FALSE(found.only_failed);
    CHECK(found.repeat == 1);
    CHECK(found.retries == 0);
    CHECK(found.reports.junit.empty());
}

TEST_CASE("what is not isolite's stays as it is, in its order") {
    CHECK(rest_of({"--log_level=all", "--workers=4", "-t", "orders/*", "--retries", "2", "--", "x",
                   "--failed", "", "--workersx", "workers", "-workers=3", "--durations=3"}) ==
          words{"--log_level=all", "-t", "orders/*", "--", "x", "", "--workersx", "workers",
                "-workers=3"});
    CHECK(rest_of({}).empty());
    CHECK(rest_of({"--shuffle", "7", "--failed", "8"}) == words{"7", "8"});
}

TEST_CASE("a program without any words has no options") {
    int argc = 0;
    char* argv[] = {nullptr};
    REQUIRE(take_from(argc, argv));
    CHECK(argc == 0);
    CHECK(argv[0] == nullptr);
}

TEST_CASE("the program's name is no option") {
    std::string name = "--failed";
    char* argv[] = {name.data(), nullptr};
    int argc = 1;
    const auto taken = take_from(argc, argv);
    REQUIRE(taken);
    CHECK(argc == 1);
    CHECK(taken->given.empty());
}

TEST_CASE("an option has its value behind an equals sign or in the next word") {
    for (const words& arguments :
         {words{"--workers=3", "--timeout=1.5", "--durations=20", "--maxfail=2", "--shuffle=7",
                "--failed", "--repeat=4", "--retries=5", "--junit=/a b/c=d.xml"},
          words{"--workers", "3", "--timeout", "1.5", "--durations", "20", "--maxfail", "2",
                "--shuffle=7", "--failed", "--repeat", "4", "--retries", "5", "--junit",
                "/a b/c=d.xml"}}) {
        const options found = valid(arguments);
        CHECK(found.workers == 3U);
        CHECK(found.timeout.count() == 1500);
        CHECK(found.reports.durations == 20);
        CHECK(found.max_failures == 2);
        CHECK(found.shuffle == 7U);
        CHECK(found.only_failed);
        CHECK(found.repeat == 4);
        CHECK(found.retries == 5);
        CHECK(found.reports.junit == "/a b/c=d.xml");
    }
}

TEST_CASE("the last of equal options wins") {
    CHECK(workers({"--workers=3", "--workers=auto", "--workers", "5"}) == "5");
}

TEST_CASE("two different shards are an error: one of them would be run by nobody") {
    CHECK(failure({"--shard=0/4", "--shard", "1/4"}) ==
          "cannot choose the shard: --shard is given twice, as 0/4 and as 1/4\n  hint: give one of "
          "them: a process runs one part of its suite");
    CHECK(failure({"--shard=1/4", "--shard=1/3"}).find("as 1/4 and as 1/3") != std::string::npos);
    CHECK(valid({"--shard=1/4", "--workers=2", "--shard=1/4"}).shard->index == 1);
}

TEST_CASE("what a second command line says adds to the first") {
    command_line first({"--workers=3", "--repeat=2", "--junit=report.xml"});
    const auto taken = take_from(first.argc, first.argv());
    REQUIRE(taken);
    command_line second({"--repeat=5"});
    const auto both = take_from(second.argc, second.argv(), *taken);
    REQUIRE(both);
    CHECK(both->values.workers == 3U);
    CHECK(both->values.repeat == 5);
    CHECK(both->values.reports.junit == taken->values.reports.junit);
    CHECK(both->given == std::set<std::string>{"--workers", "--repeat", "--junit"});
}

TEST_CASE("workers are auto or a number from 0 to 256") {
    CHECK(workers({"--workers=auto"}) == "auto");
    CHECK(workers({"--workers=0"}) == "0");
    CHECK(workers({"--workers=256"}) == "256");
    for (const char* const text : {"", "x", "-1", "257", "1.5", " 1", "Auto", "4294967297"}) {
        const std::string complaint = std::string(" is \"") + text +
                                      "\", neither auto nor a number from 0 to 256\n  hint: write "
                                      "auto for one worker per core, or a number; 0 runs all cases "
                                      "in this process";
        CHECK(failure({std::string("--workers=") + text}) ==
              "cannot choose the workers: --workers" + complaint);
        CHECK(failure({}, {{"ISOLITE_WORKERS", text}}) ==
              "cannot choose the workers: ISOLITE_WORKERS" + complaint);
    }
}

TEST_CASE("a worker exits with what is its own, with all, or quickly") {
    using isolite::run::exit_scope;
    const auto scope = [](const char* text) {
        return valid({}, {{"ISOLITE_WORKER_EXIT", text}}).scope_of_exit;
    };
    CHECK((valid({}).scope_of_exit == exit_scope::own));
    CHECK((scope("own") == exit_scope::own));
    CHECK((scope("all") == exit_scope::all));
    CHECK((scope("quick") == exit_scope::none));
    for (const char* const text : {"", "none", "All", "own "}) {
        CHECK(failure({}, {{"ISOLITE_WORKER_EXIT", text}}) ==
              std::string("cannot choose how workers exit: ISOLITE_WORKER_EXIT is \"") + text +
                  "\", neither own nor all nor quick\n  hint: write own, which destroys what the "
                  "worker made; all, which also destroys what was made before the fork; or quick, "
                  "which destroys nothing");
    }
}

TEST_CASE("a timeout is a number of seconds above 0, maybe with a fraction") {
    CHECK(timeout("60") == 60000);
    CHECK(timeout("2.5") == 2500);
    CHECK(timeout("0.001") == 1);
    CHECK(timeout("0.29") == 290);
    CHECK(timeout("1.0019") == 1001);
    CHECK(timeout("4294967295.999") == 4294967295999L);
    for (const char* const text : {"", "0", "0.0", "0.0009", "-1", "1.", ".5", "1.x", "1.-1", "1e3",
                                   "inf", "nan", "1,5", "1.5.1", "1.0001x", "4294967296"}) {
        const std::string complaint = std::string(" is \"") + text +
                                      "\", not a number of seconds from 0.001 on\n  hint: write "
                                      "how long a case may take, e.g. 60 or 2.5";
        CHECK(failure({std::string("--timeout=") + text}) ==
              "cannot limit the time of cases: --timeout" + complaint);
        CHECK(failure({}, {{"ISOLITE_TIMEOUT", text}}) ==
              "cannot limit the time of cases: ISOLITE_TIMEOUT" + complaint);
    }
}

TEST_CASE("a malformed number is an error that says what to write") {
    CHECK(failure({"--durations=x"}) ==
          "cannot show the slowest cases: --durations is \"x\", not a number\n  hint: write how "
          "many of them are shown, e.g. 20, or 0 for none");
    CHECK(failure({"--maxfail=-1"}) ==
          "cannot stop after failed cases: --maxfail is \"-1\", not a number\n  hint: write after "
          "how many failed cases no other is started; 0 runs all");
    CHECK(failure({"--repeat=0"}) ==
          "cannot repeat the cases: --repeat is \"0\", not a number from 1 on\n  hint: write how "
          "often every case is to be run");
    CHECK(failure({"--retries=4294967296"}) ==
          "cannot retry failed cases: --retries is \"4294967296\", not a number\n  hint: write how "
          "often a failed case is tried again; 0 for never");
}

TEST_CASE("a shuffle takes any seed of 64 bits, or picks one") {
    CHECK(valid({"--shuffle=0"}).shuffle == 0U);
    CHECK(valid({"--shuffle=18446744073709551615"}).shuffle == 18446744073709551615U);
    std::set<std::uint64_t> picked;
    for (int i = 0; i < 4; ++i) {
        picked.insert(*valid({"--shuffle"}).shuffle);
    }
    CHECK(picked.size() > 1);
    for (const char* const text : {"", "x", "-1", "18446744073709551616"}) {
        CHECK(failure({std::string("--shuffle=") + text}) ==
              std::string("cannot shuffle the cases: --shuffle is \"") + text +
                  "\", not a number of 64 bits\n  hint: write --shuffle for a new order, or "
                  "--shuffle=SEED with the seed of an order you saw");
    }
}

TEST_CASE("a picked seed stays the same, however often the options are asked for") {
    command_line line({"--shuffle"});
    const auto taken = take_from(line.argc, line.argv());
    REQUIRE(taken);
    CHECK(combine(*taken, environment(variables{}))->shuffle ==
          combine(*taken, environment(variables{}))->shuffle);
}

TEST_CASE("an option without a value refuses one") {
    for (const char* const text : {"", "yes"}) {
        CHECK(failure({std::string("--failed=") + text}) ==
              std::string("cannot run only the failed cases: --failed is \"") + text +
                  "\", but takes no value\n  hint: write --failed alone");
    }
}

TEST_CASE("an option that lacks its value is an error") {
    for (const words& arguments :
         {words{"--workers"}, words{"--workers", "--"}, words{"--workers", "--retries=2"}}) {
        CHECK(failure(arguments) ==
              "cannot choose the workers: --workers has no value\n  hint: write auto for one "
              "worker per core, or a number; 0 runs all cases in this process");
    }
}

TEST_CASE("a report goes to a file, wherever the tests go") {
    const std::string here = std::filesystem::current_path().string();
    CHECK(report({"--junit=/r/report.xml"}) == "/r/report.xml");
    CHECK(report({"--junit=report.xml"}) == here + "/report.xml");
    CHECK(report({"--junit=/r/"}) == "/r/shop_test.xml");
    CHECK(failure({"--junit="}) ==
          "cannot write a report: --junit is \"\", not the name of a file\n  hint: write "
          "--junit=FILE, or --junit=DIRECTORY/ for a file with the name of the program");
}

TEST_CASE("shards of one program have a report each in a directory, and none without one") {
    const variables second = {{"ISOLITE_SHARD_INDEX", "1"}, {"ISOLITE_TOTAL_SHARDS", "4"}};
    const auto reports = [&](words arguments, variables set) {
        const auto found = valid(std::move(arguments), std::move(set)).reports;
        return found.junit + " " + found.page;
    };
    const words both = {"--junit=/r/", "--report=/r/"};
    const std::string told = "/r/shop_test-shard-1-of-4.xml /r/shop_test-shard-1-of-4.html";
    CHECK(reports(both, second) == told);
    CHECK(reports({"--shard=1/4", both[0], both[1]}, {}) == told);
    CHECK(reports({both[0], both[1], "--shard=1/4"}, {{"GTEST_TOTAL_SHARDS", "7"}}) == told);
    for (const char* const others : {"TEST", "GTEST"}) {
        CHECK(reports(both, {{std::string(others) + "_SHARD_INDEX", "1"},
                             {std::string(others) + "_TOTAL_SHARDS", "4"}}) == told);
    }
    const std::string name = "/r/" + isolite::os::program_name() + "-shard-1-of-4";
    variables by_variables = second;
    by_variables.insert({{"ISOLITE_JUNIT", "/r/"}, {"ISOLITE_REPORT", "/r/"}});
    CHECK(reports({}, by_variables) == name + ".xml " + name + ".html");
    CHECK(reports({"--shard=0/1", both[0], both[1]}, second) ==
          "/r/shop_test.xml /r/shop_test.html");
    CHECK(reports({"--shard=1/4", "--junit=/r/x.xml", "--report=/r/x.html"}, {}) ==
          "/r/x.xml /r/x.html");
}

TEST_CASE("a page about the run goes to a file, by an option or a variable") {
    const std::string here = std::filesystem::current_path().string();
    const auto page = [](const words& arguments, const std::map<std::string, std::string>& set) {
        return valid(arguments, set).reports.page;
    };
    CHECK(page({}, {}).empty());
    CHECK(page({"--report=/r/run.html"}, {}) == "/r/run.html");
    CHECK(page({"--report", "run.html"}, {}) == here + "/run.html");
    CHECK(page({"--report=/r/"}, {}) == "/r/shop_test.html");
    CHECK(page({}, {{"ISOLITE_REPORT", "/r/"}}) == "/r/" + isolite::os::program_name() + ".html");
    CHECK(page({"--report=/r/x.html"}, {{"ISOLITE_REPORT", "/r/"}}) == "/r/x.html");
    CHECK(
        failure({"--report="}) ==
        "cannot write a page about the run: --report is \"\", not the name of a file\n  hint: "
        "write --report=FILE.html, or --report=DIRECTORY/ for a file with the name of the program");
    CHECK(
        failure({}, {{"ISOLITE_REPORT", "run.html"}}) ==
        "cannot write a report: ISOLITE_REPORT is \"run.html\", not an absolute path\n  hint: "
        "write "
        "a path that begins with /; with / at its end it is a directory, for a file with the name "
        "of the program");
}

TEST_CASE("a variable asks for a report, where no option does") {
    const auto report_with = [](const words& arguments, const char* text) {
        return valid(arguments, {{"ISOLITE_JUNIT", text}}).reports.junit;
    };
    CHECK(report_with({}, "/r/report.xml") == "/r/report.xml");
    CHECK(report_with({}, "/r/") == "/r/" + isolite::os::program_name() + ".xml");
    CHECK(report_with({"--junit=/r/x.xml"}, "/r/") == "/r/x.xml");
    CHECK(report_with({"--gtest_output=xml:/r/x.xml"}, "/r/") == "/r/x.xml");
    for (const char* const text : {"", "report.xml", "./"}) {
        CHECK(
            failure({}, {{"ISOLITE_JUNIT", text}}) ==
            std::string("cannot write a report: ISOLITE_JUNIT is \"") + text +
                "\", not an absolute path\n  hint: write a path that begins with /; with / at its "
                "end it is a directory, for a file with the name of the program");
    }
}

TEST_CASE("a shard is an index, from 0 on, and a larger total") {
    const auto shard = [](const std::string& text) {
        const auto chosen = valid({"--shard", text}).shard.value();
        return std::to_string(chosen.index) + " of " + std::to_string(chosen.total);
    };
    CHECK(shard("0/1") == "0 of 1");
    CHECK(shard("3/4") == "3 of 4");
    CHECK_FALSE(valid({}).shard);
    for (const char* const wrong :
         {"4/4", "1", "/", "1/", "/4", "0/0", "-1/4", "1/4/5", " 1/4", "1/x", "1/4294967296", ""}) {
        CHECK(failure({std::string("--shard=") + wrong}) ==
              "cannot choose the shard: --shard is \"" + std::string(wrong) +
                  "\", not an index and a larger total\n  hint: shards count from 0: write "
                  "--shard=0/4 to --shard=3/4 for four of them");
    }
}

TEST_CASE("a history is a file, wherever the tests go, by the option or else by the variable") {
    const std::string here = std::filesystem::current_path();
    const auto history = [](words arguments, const std::string& text) {
        return valid(std::move(arguments), {{"ISOLITE_HISTORY", text}}).history;
    };
    CHECK(valid({}).history.empty());
    CHECK(valid({"--history=all.tsv"}).history == here + "/all.tsv");
    CHECK(valid({"--history", "/h/all.tsv"}).history == "/h/all.tsv");
    CHECK(history({}, "/v/all.tsv") == "/v/all.tsv");
    CHECK(history({"--history=/h/all.tsv"}, "relative") == "/h/all.tsv");
    CHECK(failure({"--history="}) ==
          "cannot use a history: --history is \"\", not the name of a file\n  hint: name a file "
          "that `isolite history export` or `merge` has written");
    const auto relative =
        combine({}, environment(variables{{"ISOLITE_HISTORY", "all.tsv"}})).error();
    CHECK(relative.text() ==
          "cannot use a history: ISOLITE_HISTORY is \"all.tsv\", not an absolute path\n  hint: "
          "write a path that begins with /: it must name the same file for all programs");
    CHECK(relative.code == errc::environment);
}

TEST_CASE("a report can be asked for as in GoogleTest") {
    const std::string here = std::filesystem::current_path().string();
    CHECK(report({"--gtest_output=xml:/r/report.xml"}) == "/r/report.xml");
    CHECK(report({"--gtest_output", "xml:report.xml"}) == here + "/report.xml");
    CHECK(report({"--gtest_output=xml"}) == here + "/test_detail.xml");
    CHECK(report({"--gtest_output=xml:/r/"}) == "/r/shop_test.xml");
    for (const char* const text : {"", "json", "json:/r/report.json", "xml:", "xmlx"}) {
        CHECK(failure({std::string("--gtest_output=") + text}) ==
              std::string("cannot write a report: --gtest_output is \"") + text +
                  "\", neither xml nor xml:FILE\n  hint: write --gtest_output=xml:FILE: reports "
                  "are written in JUnit's XML only");
    }
}

TEST_CASE("a malformed option leaves the command line as it was, and is an error of its user") {
    command_line line({"--workers=3", "x", "--repeat=x"});
    const auto taken = take_from(line.argc, line.argv());
    REQUIRE_FALSE(taken);
    CHECK(taken.error().code == errc::usage);
    CHECK(line.rest() == words{"--workers=3", "x", "--repeat=x"});
}

TEST_CASE("an option wins over its variable, however malformed that is") {
    CHECK(workers({}, {{"ISOLITE_WORKERS", "3"}}) == "3");
    CHECK(workers({}, {{"ISOLITE_WORKERS", "auto"}}) == "auto");
    CHECK(workers({"--workers=2"}, {{"ISOLITE_WORKERS", "3"}}) == "2");
    CHECK(workers({"--workers=0"}, {{"ISOLITE_WORKERS", "x"}}) == "0");
    CHECK(valid({}, {{"ISOLITE_TIMEOUT", "3"}}).timeout.count() == 3000);
    CHECK(valid({"--timeout=2"}, {{"ISOLITE_TIMEOUT", "3"}}).timeout.count() == 2000);
    CHECK(chosen({}, {{"ISOLITE_WORKERS", "x"}}).error().code == errc::environment);
}

TEST_CASE("the summary has levels, and --timings is one") {
    const auto level = [](const words& arguments, const variables& variables) {
        return valid(arguments, variables).reports.summary;
    };
    CHECK(level({}, {{"ISOLITE_SUMMARY", "off"}}) == summary_level::off);
    CHECK(level({}, {{"ISOLITE_SUMMARY", "failures"}}) == summary_level::failures);
    CHECK(level({}, {{"ISOLITE_SUMMARY", "on"}}) == summary_level::usual);
    CHECK(level({}, {{"ISOLITE_SUMMARY", "timings"}}) == summary_level::timings);
    CHECK(level({"--timings"}, {}) == summary_level::timings);
    CHECK(level({"--timings"}, {{"ISOLITE_SUMMARY", "off"}}) == summary_level::timings);
    CHECK(workers({"--timings"}) == "0");
}

TEST_CASE("failures and output are shown as the options say") {
    CHECK(valid({}).shows.failures);
    CHECK_FALSE(valid({}).shows.output);
    CHECK(valid({"--show=now"}).shows.failures);
    CHECK_FALSE(valid({"--show=end"}).shows.failures);
    CHECK(valid({"--no-capture"}).shows.output);
    CHECK(workers({"--no-capture", "--show=end"}) == "0");
    CHECK(valid({}).changes == isolite::sandbox::telling::untold);
    CHECK(valid({"--show-changes"}).changes == isolite::sandbox::telling::printed);
    CHECK(valid({"--show-changes"}).shows.output);
    CHECK(workers({"--show-changes"}) == "0");
    CHECK(
        failure({"--show=later"}) ==
        "cannot show failures: --show is \"later\", neither now nor end\n  hint: write now to see "
        "a failure when it happens, or end for the framework's order");
}

TEST_CASE("flaky cases fail a run if that is wanted") {
    CHECK_FALSE(valid({}).fails_flaky);
    CHECK(valid({"--fail-flaky"}).fails_flaky);
}

TEST_CASE("a verification is asked for by an option, or by a variable, whatever else is set") {
    CHECK_FALSE(valid({}).verifies);
    CHECK(valid({"--verify"}).verifies);
    CHECK(valid({}, {{"ISOLITE_VERIFY", "on"}}).verifies);
    CHECK_FALSE(valid({}, {{"ISOLITE_VERIFY", "off"}}).verifies);
    CHECK(workers({}, {{"ISOLITE_VERIFY", "on"}}) == "auto");
    CHECK(workers({}, {{"ISOLITE_VERIFY", "on"}, {"ISOLITE_WORKERS", "0"}}) == "auto");
    CHECK(workers({"--workers=3"}, {{"ISOLITE_VERIFY", "on"}}) == "3");
    using std::chrono::milliseconds;
    CHECK(valid({}).budget == milliseconds(60000));
    CHECK(valid({"--verify", "--budget=90s"}).budget == milliseconds(90000));
    CHECK(valid({"--verify", "--budget", "2.5"}).budget == milliseconds(2500));
    CHECK(valid({}, {{"ISOLITE_BUDGET", "7"}}).budget == milliseconds(7000));
    CHECK(valid({"--verify", "--budget=1"}, {{"ISOLITE_BUDGET", "7"}}).budget ==
          milliseconds(1000));
    CHECK(valid({"--verify-json=/tmp/found"},
                {{"ISOLITE_VERIFY_JSON", "/tmp/other"}, {"ISOLITE_VERIFY", "on"}})
              .verified_json == "/tmp/found");
    CHECK(valid({}, {{"ISOLITE_VERIFY_JSON", "/tmp/other"}}).verified_json == "/tmp/other");
    CHECK(failure({}, {{"ISOLITE_VERIFY", ""}}) ==
          "cannot verify the suite: ISOLITE_VERIFY is \"\", neither on nor off\n  hint: write "
          "--verify alone; its variable is on or off");
    CHECK(
        failure({"--budget=s"}) ==
        "cannot limit the time of a verification: --budget is \"s\", not a number of seconds from "
        "0.001 on\n  hint: write how long --verify may take, e.g. 60 or 90s");
    CHECK(
        failure({"--verify=yes"}) ==
        "cannot verify the suite: --verify is \"yes\", neither on nor off\n  hint: write --verify "
        "alone; its variable is on or off");
}

TEST_CASE("an option of a verification without one is refused, and its variable is not") {
    CHECK(failure({"--budget=5"}) ==
          "cannot limit the time of a verification: --budget needs --verify\n  hint: give "
          "--verify, too, or leave out --budget");
    CHECK(failure({"--verify-json=found"}, {{"ISOLITE_VERIFY", "off"}}) ==
          "cannot write what a verification found: --verify-json needs --verify\n  hint: give "
          "--verify, too, or leave out --verify-json");
    CHECK_FALSE(valid({}, {{"ISOLITE_BUDGET", "5"}, {"ISOLITE_VERIFY_JSON", "/found"}}).verifies);
}

TEST_CASE("the names of an order keep theirs") {
    CHECK(valid({}).order.empty());
    CHECK(valid({"--in-order=b", "--in-order", "a"}).order == std::vector<std::string>{"b", "a"});
    CHECK(failure({"--in-order="}) ==
          "cannot run cases in an order: --in-order is \"\", not the name of a case\n  hint: write "
          "--in-order=NAME for each case, in the order in which they are to run");
}

TEST_CASE("conditions are kept as they were given, and those that cannot be made are refused") {
    CHECK(valid({}).conditions.empty());
    const auto taken = valid({"--in-condition=zone=<+14>-14", "--in-condition", "rows=reversed"});
    REQUIRE(taken.conditions.size() == 2);
    CHECK(text_of(taken.conditions[0]) == "zone=<+14>-14");
    CHECK(text_of(taken.conditions[1]) == "rows=reversed");
    CHECK(
        failure({"--in-condition=zone=Nowhere"}) ==
        "cannot run cases in a condition: --in-condition is \"zone=Nowhere\", not a condition that "
        "can be made here\n  hint: write what a verification shows, e.g. "
        "--in-condition=zone=Pacific/Kiritimati, locale=de_DE.UTF-8, clock=2028-02-29T12:00:00, "
        "random=1, rows=reversed, addresses=descending or memory=junk");
}

TEST_CASE("options that need forked workers imply them") {
    for (const char* const option :
         {"--verify", "--in-order=a", "--in-condition=random=1", "--shuffle", "--shuffle=0",
          "--failed", "--repeat=2", "--retries=1", "--maxfail=1", "--timeout=1"}) {
        CAPTURE(option);
        CHECK(workers({option}) == "auto");
        CHECK(workers({option, "--workers=1"}) == "1");
        CHECK(workers({option}, {{"ISOLITE_WORKERS", "2"}}) == "2");
        CHECK(workers({option}, {{"ISOLITE_TIMEOUT", "2"}}) == "auto");
    }
    for (const char* const option : {"--junit=x", "--gtest_output=xml", "--report=x",
                                     "--durations=3", "--repeat=1", "--retries=0", "--maxfail=0"}) {
        CAPTURE(option);
        CHECK(workers({option}) == "0");
        CHECK(workers({option, "--workers=0"}) == "0");
    }
}

TEST_CASE("a limit of time in the environment implies one worker, which runs the cases in order") {
    CHECK(workers({}, {{"ISOLITE_TIMEOUT", "2"}}) == "1");
    CHECK(valid({}, {{"ISOLITE_TIMEOUT", "2"}}).workers_are_implied);
    CHECK(workers({"--junit=x"}, {{"ISOLITE_TIMEOUT", "2"}}) == "1");
    CHECK(workers({}, {{"ISOLITE_TIMEOUT", "2"}, {"ISOLITE_WORKERS", "auto"}}) == "auto");
    for (const char* const chosen : {"0", "3"}) {
        CHECK(workers({"--workers", chosen}, {{"ISOLITE_TIMEOUT", "2"}}) == chosen);
        CHECK(workers({}, {{"ISOLITE_TIMEOUT", "2"}, {"ISOLITE_WORKERS", chosen}}) == chosen);
        CHECK_FALSE(valid({"--workers", chosen}, {{"ISOLITE_TIMEOUT", "2"}}).workers_are_implied);
    }
}

TEST_CASE("options that need forked workers cannot be had in this process") {
    const std::string hint =
        "\n  hint: give --workers=1, which runs one case after the other in a forked worker";
    for (const auto& [option, complaint] : std::map<std::string, std::string>{
             {"--shuffle=1", "shuffle the cases in this process: --shuffle"},
             {"--failed", "run only the failed cases in this process: --failed"},
             {"--repeat=2", "repeat the cases in this process: --repeat"},
             {"--retries=1", "retry failed cases in this process: --retries"},
             {"--maxfail=1", "stop after failed cases in this process: --maxfail"},
             {"--timeout=1", "limit the time of cases in this process: --timeout"}}) {
        CHECK(failure({option, "--workers=0"}) ==
              "cannot " + complaint + " needs forked workers, but --workers is 0" + hint);
        CHECK(failure({option}, {{"ISOLITE_WORKERS", "0"}}) ==
              "cannot " + complaint + " needs forked workers, but ISOLITE_WORKERS is 0" + hint);
        CHECK(chosen({option, "--workers=0"}).error().code == errc::usage);
    }
}

TEST_CASE("for a debugger all cases are in this process, whatever is said of workers and of time") {
    for (const words& arguments : {words{"--debug"},
                                   {"--debug", "--workers=4"},
                                   {"--timeout=1", "--workers=auto", "--debug"}}) {
        const auto found = chosen(arguments, {{"ISOLITE_WORKERS", "2"}, {"ISOLITE_TIMEOUT", "3"}});
        REQUIRE(found);
        CHECK(found->workers == 0U);
        CHECK(found->timeout.count() == 0);
    }
    CHECK(failure({"--debug", "--shuffle=1"}) ==
          "cannot shuffle the cases in this process: --shuffle needs forked workers, but --debug "
          "forks none\n  hint: give --workers=1, which runs one case after the other in a forked "
          "worker");
    CHECK(failure({"--debug=1"}) ==
          "cannot run cases for a debugger: --debug is \"1\", but takes no value\n"
          "  hint: write --debug alone");
}

TEST_CASE("the options of a process are those of its command line and its environment") {
    CHECK(in_child([] {
              ::setenv("ISOLITE_WORKERS", "7", 1);
              ::unsetenv("ISOLITE_TIMEOUT");
              command_line line({"a", "--repeat=3", "b"});
              const bool taken = isolite::take_options(line.argc, line.argv()).has_value();
              const auto found = isolite::run::chosen_options(environment::of_process());
              return !taken || !found || line.rest() != words{"a", "b"}
                         ? std::string("refused")
                         : std::to_string(*found->workers) + std::to_string(found->repeat);
          }) == "73");
}

TEST_CASE("nothing is taken from a command line that contradicts the environment") {
    CHECK(in_child([] {
              ::setenv("ISOLITE_WORKERS", "0", 1);
              command_line line({"a", "--repeat=3", "b", "--help"});
              const auto taken = isolite::take_options(line.argc, line.argv());
              std::fflush(stdout);
              const auto found = isolite::run::chosen_options(environment::of_process());
              return taken || line.rest() != words{"a", "--repeat=3", "b", "--help"} ||
                             found->repeat != 1
                         ? std::string("taken")
                         : taken.error().text();
          }) ==
          "cannot repeat the cases in this process: --repeat needs forked workers, but "
          "ISOLITE_WORKERS is 0\n  hint: give --workers=1, which runs one case after the other in "
          "a forked worker");
}

namespace {

/// Returns what `take_options` prints, and what it leaves behind a bar.
std::string printed_for(const words& arguments) {
    return in_child([&] {
        int ends[2];
        if (::pipe(ends) != 0 || ::dup2(ends[1], STDOUT_FILENO) < 0) {
            return std::string("no pipe");
        }
        ::close(ends[1]);
        command_line line(arguments);
        const bool taken = isolite::take_options(line.argc, line.argv()).has_value();
        std::fflush(stdout);
        ::close(STDOUT_FILENO);
        std::string text;
        char byte = 0;
        while (::read(ends[0], &byte, 1) == 1) {
            text += byte;
        }
        text += taken ? "|" : "refused";
        for (const std::string& word : line.rest()) {
            text += word + "|";
        }
        return text;
    });
}

} // namespace

TEST_CASE("help is wanted where a word of its own asks for it, and nothing is printed yet") {
    const std::string help = isolite::run::help_text();
    CHECK(help.find("  --workers=auto|N          run the cases in N forked workers; auto: one per "
                    "core (ISOLITE_WORKERS)\n") != std::string::npos);
    CHECK(help.find("\n  --shuffle[=SEED]          run the cases in a random order") !=
          std::string::npos);
    CHECK(printed_for({"--help", "--failed", "--workers=1"}) == "|--help|");
    CHECK(printed_for({"-h"}) == "|-h|");
    CHECK(printed_for({"--help=log_level", "help"}) == "|--help=log_level|help|");
}

TEST_CASE("options that are isolite's alone are found among the arguments of a program") {
    using isolite::run::own_options;
    CHECK(own_options({"--workers=2", "--files=*.db", "--gtest_output=xml", "--order-by=rand", "-s",
                       "--shuffle", "--workers"}) ==
          words{"--files=*.db", "--shuffle", "--workers"});
    CHECK(own_options({}).empty());
}
