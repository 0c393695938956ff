#include "verify/report.hpp"

#include "verify/again.hpp"
#include "verify/sentences.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

using isolite::results::test_case;
using isolite::results::verdict;
using isolite::verify::finding;
using isolite::verify::options_to_repeat;
using isolite::verify::report_background;
using isolite::verify::sentence_of;
using isolite::verify::status_of;
using isolite::verify::trace;
using isolite::verify::verification;

namespace {

std::vector<test_case> named_cases(std::size_t count) {
    std::vector<test_case> cases(count);
    for (std::size_t i = 0; i < count; ++i) {
        cases[i].name = "case " + std::to_string(i);
    }
    return cases;
}

finding found(finding::what kind, std::vector<std::size_t> culprits) {
    finding made;
    made.kind = kind;
    made.victim = 9;
    made.alone = verdict::passed;
    made.otherwise = verdict::failed;
    made.culprits = std::move(culprits);
    return made;
}

using kind = isolite::run::condition::what;

finding found_within(std::vector<isolite::run::condition> conditions) {
    finding made = found(finding::what::within, {});
    made.conditions = std::move(conditions);
    return made;
}

std::string said(const finding& found, const verification& all = {}) {
    return sentence_of(found, all, named_cases(20));
}

std::string report(const verification& all) {
    const auto cases = named_cases(20);
    return text_of(all, report_background{cases,
                                          [&](const finding& found) {
                                              std::string line = "shop_test";
                                              for (const std::string& each :
                                                   options_to_repeat(found, cases)) {
                                                  line += " " + each;
                                              }
                                              return line;
                                          },
                                          ""});
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

using words = std::vector<std::string>;

} // namespace

TEST_CASE("a finding is one sentence with the case and those that matter") {
    CHECK(said(found(finding::what::after, {3})) == "case 9 fails after case 3");
    CHECK(said(found(finding::what::after, {3, 4})) == "case 9 fails after case 3 and case 4");
    CHECK(said(found(finding::what::after, {1, 3, 4})) ==
          "case 9 fails after case 1, case 3 and case 4");
    CHECK(said(found(finding::what::after, {1, 2, 3, 4, 5, 6, 7, 8})) ==
          "case 9 fails after 2 other cases, case 3, case 4, case 5, case 6, case 7 and case 8");
    finding needs = found(finding::what::after, {3});
    needs.alone = verdict::failed;
    needs.otherwise = verdict::passed;
    CHECK(said(needs) == "case 9 fails alone, and passes after case 3");
    finding skipped = found(finding::what::after, {3});
    skipped.otherwise = verdict::skipped;
    CHECK(said(skipped) == "case 9 is skipped after case 3");
    CHECK(said(found(finding::what::beside, {3})) ==
          "case 9 fails while case 3 runs in another worker");
    CHECK(said(found(finding::what::beside, {3, 4})) ==
          "case 9 fails while case 3 and case 4 run in another worker");
}

TEST_CASE("a case that depends on its own earlier run is told without naming it again") {
    CHECK(said(found(finding::what::after, {9})) ==
          "case 9 fails when it has run before in the process");
    CHECK(said(found(finding::what::after, {3, 9})) ==
          "case 9 fails after case 3 when it has run before in the process");
    CHECK(said(found(finding::what::after, {9, 3, 3})) ==
          "case 9 fails after case 3 twice when it has run before in the process");
    CHECK(said(found(finding::what::after, {3, 3, 4})) ==
          "case 9 fails after case 3 twice and case 4");
    finding helped = found(finding::what::after, {9});
    helped.alone = verdict::failed;
    helped.otherwise = verdict::passed;
    CHECK(said(helped) == "case 9 fails alone, and passes when it has run before in the process");
    verification all;
    all.leftovers = {{9, {{trace::what::file, "x", "makes x"}}}};
    CHECK(said(found(finding::what::after, {9}), all) ==
          "case 9 fails when it has run before in the process: it makes x");
    CHECK(said(found(finding::what::after, {3, 9}), all) ==
          "case 9 fails after case 3 when it has run before in the process; case 9 makes x");
    CHECK(options_to_repeat(found(finding::what::after, {9}), named_cases(20)) ==
          words{"--in-order=case 9", "--in-order=case 9"});
    CHECK(options_to_repeat(found(finding::what::after, {3, 3}), named_cases(20)) ==
          words{"--in-order=case 3", "--in-order=case 3", "--in-order=case 9"});
}

TEST_CASE("the first line says on what how many cases depend") {
    verification all;
    all.cases = 20;
    all.twice = 1;
    const auto first_line = [&all] {
        const std::string text = report(all);
        return text.substr(0, text.find('\n'));
    };
    finding own = found(finding::what::after, {9});
    all.findings = {own};
    CHECK(first_line() == "not isolated: 1 of 20 cases depends on an earlier run of itself");
    CHECK(has(report(all), ": 0 orders, 1 twice in one process, 0 cases alone, "));
    CHECK(has(json_of(all, {named_cases(20), [](const finding& /*found*/) { return "x"; }, ""}),
              ",\"twice\":1,"));
    own.victim = 8;
    own.culprits = {8, 8};
    all.findings.push_back(own);
    CHECK(first_line() == "not isolated: 2 of 20 cases depend on earlier runs of themselves");
    own.victim = 7;
    all.findings.push_back(own);
    CHECK(first_line() == "not isolated: 1 of 20 cases depends on others, and 2 on earlier runs of "
                          "themselves");
    all.findings.push_back(found_within({{kind::zone, "UTC"}}));
    CHECK(first_line() == "not isolated: 1 of 20 cases depends on others, 2 on earlier runs of "
                          "themselves, and 1 on conditions");
}

TEST_CASE("it says what puts right what the culprits do, and what is not known") {
    finding cleaned = found(finding::what::after, {3});
    cleaned.cleaners = {5};
    CHECK(said(cleaned) == "case 9 fails after case 3; not if case 5 runs in between");
    cleaned.cleaners = {5, 6};
    CHECK(said(cleaned) == "case 9 fails after case 3; not if case 5 and case 6 run in between");
    finding cut = found(finding::what::after, {3, 4});
    cut.is_smallest = false;
    CHECK(said(cut) == "case 9 fails after case 3 and case 4; the budget ended before fewer cases "
                       "could be tried");
    finding flaky = found(finding::what::unsure, {});
    flaky.runs = 20;
    flaky.failures = 7;
    CHECK(said(flaky) == "case 9 differs by itself: it failed in 7 of 20 runs");
    flaky.is_smallest = false;
    CHECK(said(flaky) == "case 9 differs, and the budget ended before its cause was found: it "
                         "failed in 7 of 20 runs");
}

TEST_CASE("it says what the culprits leave") {
    verification all;
    all.leftovers = {{3, {{trace::what::variable, "A", "sets the variable A"}}},
                     {4,
                      {{trace::what::setting, "umask", "changes the umask"},
                       {trace::what::file, "x", "makes x"}}}};
    CHECK(said(found(finding::what::after, {3}), all) ==
          "case 9 fails after case 3, which sets the variable A");
    CHECK(said(found(finding::what::after, {3, 4}), all) ==
          "case 9 fails after case 3 and case 4; case 3 sets the variable A; case 4 changes the "
          "umask and makes x");
}

TEST_CASE("a case that fails by chance beside others is told with a command that runs them all") {
    finding unsure = found(finding::what::unsure, {});
    unsure.failures = 1;
    unsure.runs = 918;
    CHECK(said(unsure) == "case 9 differs by itself: it failed in 1 of 918 runs");
    CHECK(options_to_repeat(unsure, named_cases(20)) ==
          std::vector<std::string>{"--in-order=case 9", "--repeat=20"});
    unsure.only_beside = true;
    CHECK(said(unsure) ==
          "case 9 differs while others run in other workers: it failed in 1 of 918 runs");
    CHECK(options_to_repeat(unsure, named_cases(20)) ==
          std::vector<std::string>{"--workers=2", "--repeat=20"});
    unsure.is_smallest = false;
    CHECK(has(said(unsure), " differs, and the budget ended before its cause was found: "));
}

TEST_CASE("it does not say what each of many culprits leaves") {
    verification all;
    for (const std::size_t position : {1, 2, 3, 4, 5, 6, 7}) {
        all.leftovers.push_back(
            {position, {{trace::what::setting, "umask", "changes the umask to 000"}}});
    }
    CHECK(has(said(found(finding::what::after, {1, 2, 3, 4, 5, 6}), all), "changes the umask"));
    CHECK(said(found(finding::what::after, {1, 2, 3, 4, 5, 6, 7}), all) ==
          "case 9 fails after 1 other case, case 2, case 3, case 4, case 5, case 6 and case 7");
}

TEST_CASE("cases that leave the same are told on one line") {
    verification all;
    all.cases = 20;
    const std::vector<trace> umask = {{trace::what::setting, "umask", "changes the umask"}};
    const std::vector<trace> file = {{trace::what::file, "x", "makes x"}};
    all.leftovers = {{3, umask}, {4, file}, {5, umask}, {6, file}, {7, umask}};
    CHECK(has(report(all), "  what cases leave behind:\n"
                           "    case 3 changes the umask, and so do 2 other cases\n"
                           "    case 4 makes x, and so does another case\n"));
}

TEST_CASE("the options run what the sentence says") {
    const auto cases = named_cases(20);
    CHECK(options_to_repeat(found(finding::what::after, {3, 4}), cases) ==
          words{"--in-order=case 3", "--in-order=case 4", "--in-order=case 9"});
    finding needs = found(finding::what::after, {3});
    needs.alone = verdict::failed;
    CHECK(options_to_repeat(needs, cases) == words{"--in-order=case 9"});
    finding beside = found(finding::what::beside, {3});
    beside.workers = 4;
    CHECK(options_to_repeat(beside, cases) ==
          words{"--in-order=case 9", "--in-order=case 3", "--workers=4", "--repeat=20"});
    beside.begins_last = true;
    CHECK(options_to_repeat(beside, cases) ==
          words{"--in-order=case 3", "--in-order=case 9", "--workers=4", "--repeat=20"});
    CHECK(options_to_repeat(found(finding::what::unsure, {}), cases) ==
          words{"--in-order=case 9", "--repeat=20"});
}

TEST_CASE(
    "what may wait for ever has the longest limit of its cases, and is repeated until it does") {
    auto cases = named_cases(20);
    cases[3].timeout = std::chrono::milliseconds(10000);
    cases[4].timeout = std::chrono::milliseconds(60000);
    cases[9].timeout = std::chrono::milliseconds(12500);
    finding hanging = found(finding::what::after, {3});
    hanging.timed_out = true;
    CHECK(options_to_repeat(hanging, cases) ==
          words{"--in-order=case 3", "--in-order=case 9", "--timeout=12.5"});
    hanging.kind = finding::what::unsure;
    hanging.culprits.clear();
    CHECK(options_to_repeat(hanging, cases) ==
          words{"--in-order=case 9", "--repeat=20", "--timeout=12.5", "--maxfail=1"});
    hanging.only_beside = true;
    CHECK(options_to_repeat(hanging, cases) ==
          words{"--workers=2", "--repeat=20", "--timeout=60", "--maxfail=1"});
}

TEST_CASE("a case that needs what others leave says so, and is shown where it is not") {
    verification all;
    finding needs = found(finding::what::after, {3, 4});
    needs.alone = verdict::failed;
    needs.otherwise = verdict::passed;
    all.leftovers = {{3, {{trace::what::file, "a.txt", "makes a.txt"}}}};
    CHECK(has(said(needs, all), "; alone it fails while a.txt is not there"));
    all.findings = {needs};
    CHECK(has(report(all), "\n    again: shop_test --in-order=case 9\n"));
    all.leftovers.push_back(
        {4,
         {{trace::what::file, "b.txt", "makes b.txt"}, {trace::what::temporary, "c", "makes c"}}});
    CHECK(has(said(needs, all), "; alone it fails while a.txt and b.txt are not there"));
    CHECK(has(report(all), "\n    again: TMPDIR=$(mktemp -d) shop_test --in-order=case 9\n"));
    CHECK(has(json_of(all, {named_cases(20), [](const finding&) { return "x"; }, ""}),
              R"("again":"TMPDIR=$(mktemp -d) x")"));
    needs.alone = verdict::passed;
    needs.otherwise = verdict::failed;
    CHECK_FALSE(has(said(needs, all), "not there"));
    all.findings = {needs};
    CHECK_FALSE(has(report(all), "TMPDIR"));
}

TEST_CASE("a finding in a condition says where and when the case fails") {
    CHECK(said(found_within({{kind::zone, "Europe/Berlin"}})) ==
          "case 9 fails in the time zone Europe/Berlin");
    CHECK(said(found_within({{kind::locale, "de_DE.UTF-8"}})) ==
          "case 9 fails in the locale de_DE.UTF-8");
    finding timed = found_within({{kind::clock, "2028-01-01T00:00:00"}});
    CHECK(said(timed) == "case 9 fails at 2028-01-01 00:00:00");
    timed.unlike = {kind::clock, "2027-12-31T23:59:59"};
    CHECK(said(timed) == "case 9 fails at 2028-01-01 00:00:00, and passes at 2027-12-31 23:59:59");
    finding chance = found_within({{kind::random, "3"}});
    chance.unlike = {kind::random, "1"};
    CHECK(said(chance) == "case 9 fails when SQLite's random numbers begin at 3, and passes when "
                          "they begin at 1");
    finding rows = found_within({{kind::rows, "reversed"}});
    CHECK(said(rows) == "case 9 fails when SQLite reverses rows that have no order");
    rows.statement = "SELECT a FROM b";
    CHECK(said(rows) == "case 9 fails when SQLite reverses rows that have no order: ORDER BY is "
                        "missing in SELECT a FROM b");
    finding addresses = found_within({{kind::addresses, "descending"}});
    CHECK(said(addresses) == "case 9 fails when blocks of memory come in descending order");
    addresses.unlike = {kind::addresses, "ascending"};
    CHECK(said(addresses) == "case 9 fails when blocks of memory come in descending order, and "
                             "passes when they come in ascending order");
    CHECK(said(found_within({{kind::memory, "junk"}})) ==
          "case 9 fails when fresh and freed memory holds junk");
    finding behind = found_within({{kind::zone, "UTC"}, {kind::rows, "reversed"}});
    behind.culprits = {3};
    CHECK(said(behind) == "case 9 fails in the time zone UTC and when SQLite reverses rows that "
                          "have no order after case 3");
    finding needs = found_within({{kind::zone, "UTC"}});
    needs.alone = verdict::failed;
    needs.otherwise = verdict::passed;
    CHECK(said(needs) == "case 9 fails, and passes in the time zone UTC");
}

TEST_CASE("the command runs a case in its condition") {
    finding addresses = found_within({{kind::addresses, "descending"}});
    CHECK(said(addresses) == "case 9 fails when blocks of memory come in descending order");
    addresses.unlike = {kind::addresses, "ascending"};
    CHECK(said(addresses) == "case 9 fails when blocks of memory come in descending order, and "
                             "passes when they come in ascending order");
    CHECK(said(found_within({{kind::memory, "junk"}})) ==
          "case 9 fails when fresh and freed memory holds junk");
    finding behind = found_within({{kind::zone, "UTC"}, {kind::random, "3"}});
    behind.culprits = {3};
    CHECK(options_to_repeat(behind, named_cases(20)) ==
          words{"--in-order=case 3", "--in-order=case 9", "--in-condition=zone=UTC",
                "--in-condition=random=3"});
}

TEST_CASE("what could not be tried is told, and what nobody can tell") {
    verification all;
    all.cases = 20;
    all.conditions = {{kind::zone, "UTC"}};
    all.untried = {"another locale, as none is installed"};
    all.with_two_clocks = {3, 4};
    const std::string text = report(all);
    CHECK(has(text, " in parallel, 1 condition\n"));
    CHECK(has(text, "  not tried: another locale, as none is installed\n"));
    CHECK(has(text, "  not judged, as they fail with any other clock: case 3 and case 4\n"));
}

TEST_CASE("the first line is the verdict, and the exit status is its number") {
    verification all;
    all.cases = 20;
    CHECK(has(report(all), "isolated: none of 20 cases depends on others\n"));
    CHECK(status_of(all) == 0);
    all.findings = {found(finding::what::unsure, {})};
    CHECK(has(report(all), "could not tell: 1 of 20 cases differs by chance\n"));
    CHECK(status_of(all) == 3);
    all.findings.push_back(found(finding::what::unsure, {}));
    CHECK(has(report(all), "could not tell: 2 of 20 cases differ by chance\n"));
    all.findings.push_back(found(finding::what::after, {1}));
    CHECK(has(report(all), "not isolated: 1 of 20 cases depends on others\n"));
    CHECK(status_of(all) == 1);
    all.findings.push_back(found(finding::what::beside, {1}));
    all.findings.back().victim = 8;
    CHECK(has(report(all), "not isolated: 2 of 20 cases depend on others\n"));
    all.findings.push_back(found_within({{kind::zone, "UTC"}}));
    all.findings.push_back(found_within({{kind::locale, "de_DE.UTF-8"}}));
    CHECK(has(report(all), "not isolated: 2 of 20 cases depend on others, and 1 on conditions\n"));
    verification within;
    within.cases = 20;
    within.findings = {found_within({{kind::zone, "UTC"}})};
    CHECK(has(report(within), "not isolated: 1 of 20 cases depends on conditions\n"));
    CHECK(status_of(within) == 1);
    verification stopped;
    stopped.interrupted_by = 2;
    CHECK(has(report(stopped), "could not tell: the verification was stopped\n"));
    CHECK(status_of(stopped) == 3);
}

TEST_CASE("a suite that had time for one experiment only is not called isolated") {
    verification all;
    all.cases = 20;
    all.experiments = 1;
    CHECK(status_of(all) == 0);
    all.was_cut = true;
    CHECK(has(report(all), "could not tell: the budget ended before a second experiment\n"));
    CHECK(status_of(all) == 3);
    all.experiments = 2;
    CHECK(has(report(all), "isolated: none of 20 cases depends on others\n"));
    CHECK(status_of(all) == 0);
}

TEST_CASE("the text shows a few lines of a failure, and a command that people copy") {
    verification all;
    finding one = found(finding::what::after, {3});
    one.why = "first\nsecond\nthird\nfourth\nfifth\nsixth\nseventh";
    all.findings = {one};
    CHECK(has(report(all), "\n    fifth\n    sixth\n    again: shop_test --in-order=case 3 "
                           "--in-order=case 9\n"));
    std::vector<std::size_t> crowd(1000, 3);
    all.findings = {found(finding::what::after, crowd)};
    CHECK_FALSE(has(report(all), "again:"));
}

TEST_CASE("JSON holds any text") {
    verification all;
    finding one = found(finding::what::after, {3});
    one.why = "a \"quote\" and a \\ and\na line, \x01 and \xff";
    all.findings = {one};
    const auto cases = named_cases(20);
    const std::string json =
        json_of(all, report_background{cases, [](const finding& /*found*/) { return "x"; }, ""});
    CHECK(has(json, R"("why":"a \"quote\" and a \\ and\u000aa line, \u0001 and ?")"));
    CHECK(has(json, R"("verdict":"not isolated")"));
    CHECK(has(json, R"("culprits":["case 3"])"));
}

TEST_CASE("what differs although verdicts do not has a part of its own, and fails nobody") {
    verification all;
    all.cases = 20;
    finding rows = found(finding::what::changes, {3});
    rows.said_alone = "shop: table orders: 1 row added: + id=1";
    all.differences = {rows, found(finding::what::message, {3, 4})};
    CHECK(has(report(all), "isolated: none of 20 cases depends on others\n"));
    CHECK(has(report(all),
              "\n  what differs, although the verdicts do not:\n"
              "    case 9 changes its databases in another way after case 3\n"
              "      alone: shop: table orders: 1 row added: + id=1\n"
              "      then: nothing\n"
              "      again: shop_test --in-order=case 3 --in-order=case 9 --show-changes\n"
              "    case 9 fails with another message after case 3 and case 4\n"
              "      again: shop_test --in-order=case 3 --in-order=case 4 --in-order=case 9\n"));
    CHECK(status_of(all) == 0);
    all.more_differences = 1;
    CHECK(has(report(all), "    1 other case, not looked into\n"));
    all.differences.clear();
    all.more_differences = 7;
    CHECK(has(report(all), "\n  what differs, although the verdicts do not:\n"
                           "    7 other cases, not looked into\n"));
}

TEST_CASE("what the budget was too short for is not told as chance, and has no command") {
    verification all;
    all.cases = 20;
    finding unsure = found(finding::what::unsure, {});
    unsure.is_smallest = false;
    unsure.runs = 7;
    unsure.failures = 2;
    all.findings = {unsure};
    CHECK(has(report(all), "could not tell: 1 of 20 cases differs for reasons that the budget was "
                           "too short to find\n"));
    CHECK_FALSE(has(report(all), "again: "));
    finding flaky = unsure;
    flaky.is_smallest = true;
    all.findings = {flaky, flaky, unsure};
    CHECK(has(report(all), "could not tell: 2 of 20 cases differ by chance, and 1 for reasons that "
                           "the budget was too short to find\n"));
    all.interrupted_by = 2;
    CHECK(said(unsure, all) == "case 9 differs, and it was stopped before its cause was found: it "
                               "failed in 2 of 7 runs");
    finding cut = found(finding::what::after, {3});
    cut.is_smallest = false;
    CHECK(has(said(cut, all), "; it was stopped before fewer cases could be tried"));
}

TEST_CASE("a case that fails for ever since it passed once is told as that") {
    finding since = found(finding::what::unsure, {});
    since.has_failed_since = true;
    since.runs = 15;
    since.failures = 14;
    CHECK(said(since) ==
          "case 9 passed at first, and has failed ever since, as if something stayed "
          "outside of the working directory and of temporary files: it failed in 14 "
          "of 15 runs");
}

TEST_CASE("of what a culprit leaves the first few things are named") {
    verification all;
    std::vector<trace> many;
    for (int i = 0; i < 9; ++i) {
        many.push_back({trace::what::variable, std::to_string(i), "sets V" + std::to_string(i)});
    }
    all.leftovers = {{3, many}};
    CHECK(
        said(found(finding::what::after, {3}), all) ==
        "case 9 fails after case 3, which sets V0, sets V1, sets V2, sets V3, sets V4 and sets V5, "
        "and more");
}

TEST_CASE("of the cases that fail in every order some are told with their messages") {
    verification all;
    all.cases = 20;
    all.failed = {1, 2, 3, 4};
    all.usual.resize(20);
    for (const std::size_t each : all.failed) {
        all.usual[each].why = "it is broken\nin two lines";
    }
    CHECK(has(report(all),
              "  nothing is known of what fails in every order: case 1, case 2, case 3 "
              "and case 4\n"
              "    case 1: it is broken\n    in two lines\n"));
    CHECK(has(report(all), "    case 3: it is broken\n"));
    CHECK_FALSE(has(report(all), "    case 4: it is broken\n"));
}
