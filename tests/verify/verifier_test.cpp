#include "made_up_suite.hpp"

#include "verify/verification_course.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <vector>

using isolite::results::verdict;
using isolite::verify::bounds;
using isolite::verify::experiment;
using isolite::verify::finding;
using isolite::verify::needs_of;
using isolite::verify::plan;
using isolite::verify::verification;
using process = made_up_suite::process;
using positions = std::vector<std::size_t>;

TEST_CASE("a suite of cases that do not know each other is isolated") {
    made_up_suite suite(40);
    suite.bodies[7] = [](process&) { return false; };
    const verification done = suite.verify();
    CHECK(done.findings.empty());
    CHECK_FALSE(done.has_dependent());
    CHECK_FALSE(done.was_cut);
    CHECK(done.failed == positions{7});
    CHECK(done.cases == 40);
    CHECK(done.run_alone == 40);
    CHECK(done.orders == 5);
    CHECK(done.twice == 1);
    CHECK(done.in_parallel == 3);
    CHECK(done.experiments == suite.experiments);
}

TEST_CASE("a case that fails behind another one is told with that one alone") {
    made_up_suite suite(882);
    suite.bodies[700] = leaves("row");
    suite.bodies[20] = fails_with({"row"});
    const verification done = suite.verify();
    REQUIRE(done.findings.size() == 1);
    const finding& found = done.findings[0];
    CHECK(found.kind == finding::what::after);
    CHECK(found.victim == 20);
    CHECK(found.culprits == positions{700});
    CHECK(found.alone == verdict::passed);
    CHECK(found.otherwise == verdict::failed);
    CHECK(found.is_smallest);
    CHECK(found.cleaners.empty());
    CHECK(found.why == "it was told to");
    CHECK(done.has_dependent());
    const std::size_t whole = 5 + 1 + 3 + 882;
    CHECK(done.experiments - whole <= 30); // 3 confirmations before and behind, and the narrowing
}

TEST_CASE("two cases that do harm only together are both told, in their order") {
    made_up_suite suite(100);
    suite.bodies[30] = leaves("half");
    suite.bodies[60] = [](process& in) {
        if (in.left.count("half") > 0) {
            in.left.insert("both");
        }
        return true;
    };
    suite.bodies[90] = fails_with({"both"});
    const verification done = suite.verify();
    REQUIRE(done.findings.size() == 1);
    CHECK(done.findings[0].victim == 90);
    CHECK(done.findings[0].culprits == positions{30, 60});
}

TEST_CASE("culprits that may come in any order are told in that of the suite") {
    made_up_suite suite(12);
    suite.bodies[2] = leaves("one");
    suite.bodies[5] = leaves("other");
    suite.bodies[8] = leaves("third");
    for (const std::size_t victim : {0U, 4U, 11U}) {
        suite.bodies[victim] = fails_with({"one", "other", "third"});
    }
    const verification done = suite.verify();
    CHECK(done.findings.size() == 3);
    for (const finding& each : done.findings) {
        CHECK(each.culprits == positions{2, 5, 8});
    }
}

TEST_CASE("a case that takes back what another one does is told as one that helps") {
    made_up_suite suite(30);
    suite.bodies[3] = leaves("row");
    suite.bodies[11] = removes("row");
    suite.bodies[20] = fails_with({"row"});
    const verification done = suite.verify();
    REQUIRE(done.findings.size() == 1);
    CHECK(done.findings[0].culprits == positions{3});
    CHECK(done.findings[0].cleaners == positions{11});
}

TEST_CASE("a case in which the process ends does not help those behind it") {
    made_up_suite suite(30);
    suite.bodies[3] = leaves("row");
    suite.dying = 11;
    suite.bodies[11] = fails_with({"row"});
    suite.bodies[20] = fails_with({"row"});
    const finding found = suite.verify().findings.at(1);
    CHECK(found.victim == 20);
    CHECK(found.culprits == positions{3});
    CHECK(found.cleaners.empty());
}

TEST_CASE("a case that passes only behind another one is told with that one") {
    made_up_suite suite(50);
    suite.bodies[10] = leaves("table");
    suite.bodies[30] = needs("table");
    const verification done = suite.verify();
    REQUIRE(done.findings.size() == 1);
    const finding& found = done.findings[0];
    CHECK(found.kind == finding::what::after);
    CHECK(found.victim == 30);
    CHECK(found.culprits == positions{10});
    CHECK(found.alone == verdict::failed);
    CHECK(found.otherwise == verdict::passed);
}

TEST_CASE("a case that fails beside another one is told with that one") {
    made_up_suite suite(20);
    suite.bodies[4] = [](process& in) { return !in.is_beside(9); };
    const verification done = suite.verify();
    REQUIRE(done.findings.size() == 1);
    CHECK(done.findings[0].kind == finding::what::beside);
    CHECK(done.findings[0].victim == 4);
    CHECK(done.findings[0].culprits == positions{9});
    CHECK(done.findings[0].workers == 2);
}

TEST_CASE("what shows in parallel only, by who ran before it in its process, is told as an order") {
    made_up_suite suite(12);
    suite.knows_begins = true;
    suite.bodies[2] = [](process& now) {
        now.left.insert("settings");
        return true;
    };
    // Whoever else runs before it takes that back, as it does in each order of all cases.
    suite.bodies[9] = [&suite](process& now) {
        const plan& current = suite.plans.back();
        return current.workers == 1 && current.order.size() == 12 ? true
                                                                  : now.left.count("settings") == 0;
    };
    const verification found = suite.verify();
    REQUIRE(found.findings.size() == 1);
    CHECK(found.findings[0].kind == finding::what::after);
    CHECK(found.findings[0].victim == 9);
    CHECK(found.findings[0].culprits == positions{2});
}

TEST_CASE("a case that differs by itself is told with counts, and nobody is blamed for it") {
    made_up_suite suite(20);
    unsigned runs = 0;
    suite.bodies[4] = [&runs](process&) { return ++runs % 3 != 0; };
    const verification done = suite.verify();
    REQUIRE(done.findings.size() == 1);
    CHECK(done.findings[0].kind == finding::what::unsure);
    CHECK(done.findings[0].victim == 4);
    CHECK(done.findings[0].culprits.empty());
    CHECK(done.findings[0].runs == runs);
    CHECK(done.findings[0].failures == runs / 3);
    CHECK_FALSE(done.findings[0].only_beside);
    CHECK_FALSE(done.has_dependent());
    CHECK(done.failed.empty());
}

TEST_CASE(
    "a case that fails as often as not is hardly ever taken for one that goes with anything") {
    using kind = isolite::run::condition::what;
    unsigned blamed = 0;
    for (unsigned seed = 0; seed < 2000; ++seed) {
        made_up_suite suite(6);
        suite.wanted.conditions = {{{kind::zone, "Pacific/Kiritimati"}, {kind::locale, "de_DE"}},
                                   {{kind::rows, "reversed"}, {kind::addresses, "descending"}}};
        std::mt19937 coin(seed);
        suite.bodies[4] = [&coin](process&) { return coin() % 2 != 0; };
        for (const finding& each : suite.verify().findings) {
            blamed += each.kind == finding::what::unsure ? 0 : 1;
        }
    }
    CHECK(blamed == 0);
}

TEST_CASE("a case that fails beside others, but not again, is not said to differ by itself") {
    made_up_suite suite(20);
    unsigned failures = 0;
    suite.bodies[4] = [&failures](process& in) { return in.others.empty() || failures++ > 0; };
    const finding found = suite.verify().findings.at(0);
    CHECK(found.kind == finding::what::unsure);
    CHECK(found.only_beside);
}

TEST_CASE("several victims are told apart, each with its own culprit") {
    made_up_suite suite(60);
    suite.bodies[5] = leaves("one");
    suite.bodies[6] = leaves("other");
    suite.bodies[40] = fails_with({"one"});
    suite.bodies[41] = fails_with({"other"});
    const verification done = suite.verify();
    REQUIRE(done.findings.size() == 2);
    CHECK(done.findings[0].victim == 40);
    CHECK(done.findings[0].culprits == positions{5});
    CHECK(done.findings[1].victim == 41);
    CHECK(done.findings[1].culprits == positions{6});
}

TEST_CASE("when the budget ends, what is known so far is told as such") {
    for (const std::size_t most : {0U, 1U, 3U, 20U, 50U, 56U, 58U, 62U}) {
        made_up_suite suite(50);
        suite.bodies[10] = leaves("row");
        suite.bodies[30] = fails_with({"row"});
        const verification done = suite.verify(most);
        CAPTURE(most);
        CHECK(done.was_cut);
        CHECK(done.experiments <= most + 1);
        for (const finding& each : done.findings) {
            CHECK(each.victim == 30);
            CHECK((each.kind == finding::what::unsure || !each.is_smallest));
        }
    }
}

TEST_CASE("what has failed is run alone before others") {
    made_up_suite suite(20);
    suite.bodies[4] = leaves("row");
    suite.bodies[15] = fails_with({"row"});
    static_cast<void>(suite.verify());
    const auto first_alone = std::find_if(suite.plans.begin(), suite.plans.end(),
                                          [](const plan& each) { return each.order.size() == 1; });
    REQUIRE(first_alone != suite.plans.end());
    CHECK(first_alone->order == positions{15});
}

TEST_CASE("what failed in the last run is run alone before what did not") {
    made_up_suite suite(20);
    suite.failed_before = std::vector<bool>(20);
    suite.failed_before[13] = true;
    static_cast<void>(suite.verify());
    const auto alone = std::find_if(suite.plans.begin(), suite.plans.end(),
                                    [](const plan& each) { return each.order.size() == 1; });
    REQUIRE(alone != suite.plans.end());
    CHECK(alone->order == positions{13});
}

TEST_CASE("cases run alone at last where that takes longest, and in as many orders as are wanted") {
    made_up_suite suite(6);
    suite.wanted.is_alone_last = true;
    suite.wanted.shuffles = 5;
    suite.wanted.shuffles_in_parallel = 2;
    const verification found = suite.verify();
    CHECK(found.orders == 7);
    CHECK(found.in_parallel == 4);
    for (std::size_t i = suite.plans.size() - 6; i < suite.plans.size(); ++i) {
        CHECK(suite.plans[i].order.size() == 1);
    }
}

TEST_CASE("a difference that does not show each time is nobody's fault") {
    // It fails behind 3, but only twice of three times.
    made_up_suite suite(20);
    unsigned runs = 0;
    suite.bodies[3] = leaves("row");
    suite.bodies[15] = [&runs](process& in) {
        return in.left.count("row") == 0 || ++runs % 3 == 0;
    };
    const verification done = suite.verify();
    REQUIRE(done.findings.size() == 1);
    CHECK(done.findings[0].kind == finding::what::unsure);
}

TEST_CASE("a verdict is believed when it has shown three times") {
    unsigned runs = 0;
    bounds bounds;
    bounds.cases = 1;
    bounds.left = [] { return std::chrono::nanoseconds(1); };
    isolite::verify::trials trials(
        [&runs](const plan& plan) {
            experiment done;
            done.order = plan.order;
            done.became[0].verdict = ++runs == 3 ? verdict::failed : verdict::passed;
            return done;
        },
        bounds);
    CHECK_FALSE(trials.is_repeatable({{0}, 1}, 0, verdict::passed));
    CHECK(trials.is_repeatable({{0}, 1}, 0, verdict::passed));
    CHECK(runs == 6);
}

TEST_CASE("what cases leave is told, whether or not somebody fails by it") {
    made_up_suite suite(10);
    suite.teller = 6;
    const verification done = suite.verify();
    CHECK(done.findings.empty());
    REQUIRE(done.leftovers.size() == 1);
    CHECK(done.leftovers[0].position == 6);
    REQUIRE(done.leftovers[0].traces.size() == 1);
    CHECK(done.leftovers[0].traces[0].sentence == "sets the variable SHOP");
}

TEST_CASE("what a case says that it needs comes with it, and is nobody's fault") {
    made_up_suite suite(20);
    suite.needs.resize(20);
    suite.needs[12] = {5};
    suite.needs[5] = {3};
    suite.bodies[3] = leaves("table");
    suite.bodies[5] = needs("table");
    suite.bodies[12] = needs("table");
    const verification done = suite.verify();
    CHECK(done.findings.empty());
    CHECK(done.failed.empty());
}

TEST_CASE("what cases need is told of all, or of none") {
    std::vector<isolite::results::test_case> cases(2);
    CHECK(needs_of(cases).empty());
    cases[1].needs = {0};
    CHECK(needs_of(cases) == std::vector<positions>{{}, {0}});
}

TEST_CASE("a case may take longer than usual, and never has too little time") {
    using isolite::verify::first_limit;
    using isolite::verify::limit_by;
    using std::chrono::seconds;
    CHECK(first_limit(seconds(60)) == seconds(15));
    isolite::verify::observation usual;
    CHECK(limit_by(usual, seconds(60)) == seconds(3));
    CHECK(limit_by(usual, seconds(1)) == seconds(1));
    CHECK(limit_by(usual, seconds(600)) == seconds(10));
    usual.duration = seconds(1);
    CHECK(limit_by(usual, seconds(60)) == seconds(50));
    usual.timed_out = true;
    CHECK(limit_by(usual, seconds(60)) == seconds(3));
}

TEST_CASE("a suite without cases is isolated") {
    const verification done = made_up_suite(0).verify();
    CHECK(done.findings.empty());
    CHECK(done.experiments == 0);
}

TEST_CASE("of a case that always passes, other changes are told with their culprit") {
    made_up_suite suite(882);
    suite.bodies[500] = leaves("settings");
    suite.bodies[400] = [](process& in) {
        in.left.insert("numbers");
        return true;
    };
    suite.bodies[700] = [](process& in) {
        in.left.insert("victim");
        return true;
    };
    suite.changed = [](process& in) {
        const bool is_victim = in.left.erase("victim") > 0;
        return is_victim && in.left.count("settings") > 0 && in.left.count("numbers") > 0 ? 2 : 1;
    };
    const verification found = suite.verify();
    CHECK(found.findings.empty());
    REQUIRE(found.differences.size() == 1);
    CHECK(found.differences[0].kind == finding::what::changes);
    CHECK(found.differences[0].victim == 700);
    CHECK(found.differences[0].culprits == positions{400, 500});
    CHECK(found.differences[0].is_smallest);
    CHECK(found.more_differences == 0);
    const bool tells_rows = std::any_of(suite.plans.begin(), suite.plans.end(),
                                        [](const plan& each) { return each.tells_rows; });
    CHECK(tells_rows);
}

TEST_CASE("of a case that always fails, another message is told with its culprit") {
    made_up_suite suite(40);
    suite.bodies[7] = leaves("settings");
    suite.bodies[30] = [](process&) { return false; };
    suite.said = [](process& in) { return in.left.count("settings") > 0 ? "\nafter" : "\nalone"; };
    const verification found = suite.verify();
    CHECK(found.failed == positions{30});
    REQUIRE(found.differences.size() == 1);
    CHECK(found.differences[0].kind == finding::what::message);
    CHECK(found.differences[0].culprits == positions{7});
    CHECK(found.differences[0].said_alone == "alone");
    CHECK(found.differences[0].said_otherwise == "after");
}

TEST_CASE(
    "changes that are never the same blame nobody, nor do those of a case with two verdicts") {
    made_up_suite suite(20);
    std::uint64_t count = 0;
    suite.changed = [&count](process&) { return ++count; };
    suite.bodies[3] = leaves("settings");
    suite.bodies[9] = fails_with({"settings"});
    const verification found = suite.verify();
    REQUIRE(found.findings.size() == 1);
    CHECK(suite.experiments < 120); // none of them is narrowed
    CHECK(found.differences.empty());
    CHECK(found.more_differences == 0);
}

TEST_CASE("of many cases with other changes some are looked into, and the others counted") {
    made_up_suite suite(60);
    suite.changed = [](process& in) {
        in.left.insert("case " + std::to_string(in.left.size()));
        return in.left.size();
    };
    const verification found = suite.verify();
    CHECK(found.differences.size() == 10);
    CHECK(found.more_differences == 60 - 10);
}

TEST_CASE("to narrow, those that sleep are left out first, and what made others differ is tried") {
    made_up_suite suite(882);
    suite.sleepers = {10, 20, 30};
    suite.bodies[400] = leaves("settings");
    suite.bodies[700] = fails_with({"settings"});
    suite.bodies[800] = fails_with({"settings"});
    const verification found = suite.verify();
    REQUIRE(found.findings.size() == 2);
    CHECK(found.findings[0].culprits == positions{400});
    CHECK(found.findings[1].culprits == positions{400});
    const auto first_search =
        std::find_if(suite.plans.rbegin(), suite.plans.rend(),
                     [](const plan& each) { return each.order.size() > 882 / 2; });
    std::size_t with_sleepers = 0;
    for (auto each = suite.plans.rbegin(); each != first_search; ++each) {
        for (const std::size_t position : each->order) {
            with_sleepers += each->order.size() > 1 ? suite.sleepers.count(position) : 0;
        }
    }
    CHECK(with_sleepers == 0);
}

TEST_CASE("a culprit of one case is found for the next one in a few experiments") {
    const auto experiments_with = [](std::size_t victims) {
        made_up_suite suite(882);
        suite.bodies[400] = leaves("settings");
        for (std::size_t i = 0; i < victims; ++i) {
            suite.bodies[700 + i] = fails_with({"settings"});
        }
        CHECK(suite.verify().findings.size() == victims);
        return suite.experiments;
    };
    CHECK(experiments_with(5) - experiments_with(1) <= 4 * 12);
}

TEST_CASE("a culprit that is slow, or that nobody suspects, is found all the same") {
    made_up_suite suite(100);
    suite.sleepers = {10};
    suite.teller = 20;
    suite.bodies[10] = leaves("settings");
    suite.bodies[50] = leaves("prices");
    suite.bodies[70] = fails_with({"settings"});
    suite.bodies[80] = fails_with({"prices"});
    suite.bodies[90] = fails_with({"settings", "prices"});
    const verification found = suite.verify();
    REQUIRE(found.findings.size() == 3);
    CHECK(found.findings[0].culprits == positions{10});
    CHECK(found.findings[1].culprits == positions{50});
    CHECK(found.findings[2].culprits == positions{10, 50});
}

TEST_CASE("where orders take long, causes are found before more of them are run") {
    made_up_suite suite(40);
    suite.costs = 2; // an order of all takes 8 percent of the budget
    suite.bodies[5] = leaves("settings");
    for (std::size_t victim = 20; victim < 30; ++victim) {
        suite.bodies[victim] = fails_with({"settings"});
    }
    const verification found = suite.verify();
    CHECK(found.findings.size() == 10);
    for (const finding& each : found.findings) {
        CHECK(each.kind == finding::what::after);
        CHECK(each.culprits == positions{5});
    }
    CHECK(found.was_cut);
}

TEST_CASE("a case that has failed ever since it passed is told as that, and one of chance is not") {
    made_up_suite suite(10);
    std::size_t runs = 0;
    suite.bodies[3] = [&runs](process&) { return runs++ == 0; };
    const verification found = suite.verify();
    REQUIRE(found.findings.size() == 1);
    CHECK(found.findings[0].kind == finding::what::unsure);
    CHECK(found.findings[0].has_failed_since);
    suite.bodies[3] = [&runs](process&) { return runs++ % 9 == 0; };
    const verification chance = suite.verify();
    REQUIRE(chance.findings.size() == 1);
    CHECK_FALSE(chance.findings[0].has_failed_since);
}

TEST_CASE("orders by chance go on as long as they take little of the budget") {
    made_up_suite suite(10);
    suite.wanted.more_shuffles = 7;
    const auto orders = [&suite](std::size_t costs) {
        suite.costs = costs;
        suite.runs_of_cases = 0;
        return suite.verify().orders;
    };
    CHECK(orders(0) == 2 + 3 + 7);
    CHECK(orders(1) == 2 + 3 + 6); // each takes a hundredth
}
