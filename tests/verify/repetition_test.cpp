#include "made_up_suite.hpp"

#include "verify/experiment.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using isolite::results::verdict;
using isolite::verify::experiment;
using isolite::verify::finding;
using isolite::verify::plan;
using isolite::verify::verification;
using process = made_up_suite::process;
using positions = std::vector<std::size_t>;

namespace {

/// Passes the first time in a process.
bool passes_once(process& in) {
    return in.left.insert("ran").second;
}

} // namespace

TEST_CASE("a case that fails when it runs twice in a process is told with itself") {
    made_up_suite suite(400);
    suite.bodies[300] = passes_once;
    const verification done = suite.verify();
    REQUIRE(done.findings.size() == 1);
    const finding& found = done.findings[0];
    CHECK(found.kind == finding::what::after);
    CHECK(found.victim == 300);
    CHECK(found.culprits == positions{300});
    CHECK(found.alone == verdict::passed);
    CHECK(found.otherwise == verdict::failed);
    CHECK(found.is_smallest);
    CHECK(found.cleaners.empty());
    CHECK(done.has_dependent());
    const std::size_t whole = 5 + 1 + 3 + 400;
    CHECK(done.experiments - whole == 10); // 3 alone, and 4 and 3 of both runs
}

TEST_CASE("all cases run twice in one process, each once before any runs again") {
    made_up_suite suite(3);
    CHECK(suite.verify().twice == 1);
    std::size_t count = 0;
    for (const plan& each : suite.plans) {
        count += each.order == positions{0, 1, 2, 0, 1, 2} && each.workers == 1 ? 1 : 0;
    }
    CHECK(count == 1);
}

TEST_CASE("a case that passes only when it has run before is told with itself") {
    made_up_suite suite(20);
    suite.bodies[12] = [](process& in) { return !passes_once(in); };
    const verification done = suite.verify();
    REQUIRE(done.findings.size() == 1);
    CHECK(done.findings[0].culprits == positions{12});
    CHECK(done.findings[0].alone == verdict::failed);
    CHECK(done.findings[0].otherwise == verdict::passed);
    CHECK(done.failed.empty());
}

TEST_CASE("a case that fails the second time behind another one is told with both") {
    for (const std::size_t polluter : {5U, 17U}) {
        made_up_suite suite(20);
        suite.bodies[polluter] = leaves("row");
        suite.bodies[12] = [](process& in) { return passes_once(in) || in.left.count("row") == 0; };
        const verification done = suite.verify();
        REQUIRE(done.findings.size() == 1);
        CHECK(done.findings[0].victim == 12);
        CHECK(std::set<std::size_t>(done.findings[0].culprits.begin(),
                                    done.findings[0].culprits.end()) ==
              std::set<std::size_t>{12, polluter});
        CHECK(done.findings[0].culprits.size() == 2);
    }
}

TEST_CASE("a case that does harm only when it runs twice is told twice") {
    made_up_suite suite(20);
    suite.bodies[5] = [](process& in) {
        in.left.insert(in.left.count("one") > 0 ? "two" : "one");
        return true;
    };
    suite.bodies[12] = fails_with({"two"});
    const verification done = suite.verify();
    REQUIRE(done.findings.size() == 1);
    CHECK(done.findings[0].victim == 12);
    CHECK(done.findings[0].culprits == positions{5, 5});
}

TEST_CASE("what differs the second time must do so each time to be believed") {
    for (const int times : {0, 1, 2, 3, 6, 7}) {
        made_up_suite suite(20);
        int repeated = 0;
        // It differs in the experiment with all, and then so many times.
        suite.bodies[12] = [&](process& in) {
            const bool is_first = passes_once(in);
            const bool is_with_all = suite.plans.back().order.size() == 40;
            return is_first || (!is_with_all && repeated++ >= times);
        };
        const verification done = suite.verify();
        REQUIRE(done.findings.size() == 1);
        CHECK(done.findings[0].culprits == (times == 7 ? positions{12} : positions()));
        CHECK((done.findings[0].kind == finding::what::unsure) == (times < 7));
    }
}

TEST_CASE("a case that another order makes fail is not blamed for its own second run") {
    made_up_suite suite(20);
    suite.bodies[3] = leaves("row");
    suite.bodies[12] = fails_with({"row"});
    const verification done = suite.verify();
    REQUIRE(done.findings.size() == 1);
    CHECK(done.findings[0].culprits == positions{3});
}

TEST_CASE("a case that fails only once for what another one does is not told to help itself") {
    made_up_suite suite(20);
    suite.bodies[3] = [](process& in) {
        if (passes_once(in)) {
            in.left.insert("row");
        }
        return true;
    };
    suite.bodies[12] = [](process& in) { return in.left.erase("row") == 0; };
    const verification done = suite.verify();
    REQUIRE(done.findings.size() == 1);
    CHECK(done.findings[0].culprits == positions{3});
    CHECK(done.findings[0].cleaners.empty());
}

TEST_CASE("what a case changes in another way when it has run before is told with itself") {
    made_up_suite suite(20);
    suite.bodies[12] = [](process& in) {
        in.left.insert(in.left.count("ran") > 0 ? "ran again" : "ran");
        return true;
    };
    suite.changed = [](process& in) { return in.left.count("ran again") + 1; };
    const verification done = suite.verify();
    CHECK(done.findings.empty());
    REQUIRE_FALSE(done.differences.empty());
    const auto own = std::find_if(done.differences.begin(), done.differences.end(),
                                  [](const finding& each) { return each.victim == 12; });
    REQUIRE(own != done.differences.end());
    CHECK(own->kind == finding::what::changes);
    CHECK(own->culprits == positions{12});
}

TEST_CASE("what ends its process is left out where others run twice in theirs") {
    made_up_suite suite(20);
    suite.bodies[5] = passes_once;
    suite.dying = 11;
    suite.bodies[11] = [](process&) { return false; };
    const verification done = suite.verify();
    REQUIRE(done.findings.size() == 1);
    CHECK(done.findings[0].victim == 5);
    CHECK(done.twice == 1);

    made_up_suite crashing(1);
    crashing.dying = 0;
    crashing.bodies[0] = [](process&) { return false; };
    CHECK(crashing.verify().twice == 0);
}

TEST_CASE("nothing runs twice where it cannot") {
    made_up_suite suite(20);
    suite.bodies[12] = passes_once;
    suite.wanted.may_repeat = false;
    const verification done = suite.verify();
    CHECK(done.findings.empty());
    CHECK(done.twice == 0);
}

TEST_CASE("what a case needs comes with it each time that it runs") {
    made_up_suite suite(3);
    suite.needs = {{}, {}, {0}};
    suite.bodies[2] = passes_once;
    const verification done = suite.verify();
    REQUIRE(done.findings.size() == 1);
    CHECK(done.findings[0].culprits == positions{2});
    CHECK(suite.plans.back().order == positions{0, 2, 0, 2});
}

TEST_CASE("of a case that ran more than once all counts that was before the last time") {
    experiment done;
    done.order = {1, 2, 1, 3};
    done.became[1];
    done.became[2];
    done.became[3];
    CHECK(done.has_repetition());
    CHECK(done.before(1) == positions{1, 2});
    CHECK(done.before(2) == positions{1});
    CHECK(done.before(3) == positions{1, 2, 1});
    CHECK(done.before(4) == done.order);
    done.begins = {0, 2};
    CHECK(done.before_in_process(1).empty());
    CHECK(done.before_in_process(3) == positions{1});
    done.order = {1, 2, 3};
    CHECK_FALSE(done.has_repetition());
}
