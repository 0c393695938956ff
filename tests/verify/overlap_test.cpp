#include "verify/verifier.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

using isolite::results::verdict;
using isolite::verify::bounds;
using isolite::verify::experiment;
using isolite::verify::finding;
using isolite::verify::plan;
using isolite::verify::verification;
using isolite::verify::verifier;

namespace {

using positions = std::vector<std::size_t>;

/// A suite of which two cases fail where both run at the same time, but only now and then.
struct brief_overlap {
    std::size_t first = 3;
    std::size_t second = 7;
    unsigned period = 9; ///< Each such experiment shows it.
    bool both_fail = true;
    std::chrono::nanoseconds duration{0}; ///< of each experiment
    bounds wanted;
    std::chrono::nanoseconds taken{0};
    std::vector<plan> plans;

    verification verify() {
        wanted.cases = 12;
        wanted.budget = std::chrono::seconds(60);
        wanted.left = [this] { return wanted.budget - taken; };
        return verifier([this](const plan& plan) { return run(plan); }, wanted).verify();
    }

    experiment run(const plan& plan) {
        plans.push_back(plan);
        taken += duration;
        const auto has = [&plan](std::size_t position) {
            return std::find(plan.order.begin(), plan.order.end(), position) != plan.order.end();
        };
        overlaps_ += plan.workers > 1 && has(first) && has(second) ? 1 : 0;
        const bool shows = plan.workers > 1 && overlaps_ % period == 0;
        experiment done;
        done.workers = plan.workers;
        done.order = plan.order;
        for (const std::size_t each : plan.order) {
            const bool fails = shows && (each == first || (each == second && both_fail));
            done.became[each].verdict = fails ? verdict::failed : verdict::passed;
            done.became[each].duration = duration / 12;
        }
        return done;
    }

  private:
    unsigned overlaps_ = 0;
};

} // namespace

TEST_CASE("what overlaps briefly is found where experiments are repeated, and is not without") {
    brief_overlap suite;
    CHECK(suite.verify().findings.empty());
    suite.wanted.rounds_for_brief = 20;
    suite.wanted.tries_of_pair = 20;
    const verification done = suite.verify();
    CHECK(done.in_parallel == 23);
    REQUIRE(done.findings.size() == 2);
    CHECK(done.findings[0].kind == finding::what::beside);
    CHECK(done.findings[0].culprits == positions{7});
    CHECK(done.findings[1].culprits == positions{3});
}

TEST_CASE("a pair is repeated although the other one does not fail") {
    brief_overlap suite;
    suite.both_fail = false;
    suite.wanted.rounds_for_brief = 20;
    suite.wanted.tries_of_pair = 20;
    const verification done = suite.verify();
    REQUIRE(done.findings.size() == 1);
    CHECK(done.findings[0].victim == 3);
    CHECK(done.findings[0].culprits == positions{7});
}

TEST_CASE("those that have failed beside others are tried before others") {
    brief_overlap suite;
    suite.wanted.rounds_for_brief = 20;
    suite.wanted.tries_of_pair = 20;
    suite.verify();
    const auto pair = std::find_if(suite.plans.begin(), suite.plans.end(), [](const plan& each) {
        return each.workers > 1 && each.order.size() == 2;
    });
    REQUIRE(pair != suite.plans.end());
    CHECK(pair->order == positions{3, 7});
}

TEST_CASE("to look for brief overlaps takes a small part of the budget") {
    brief_overlap suite;
    suite.first = suite.second; // so that none does
    suite.period = 1000;
    suite.duration = std::chrono::seconds(1);
    suite.wanted.rounds_for_brief = 60;
    const verification done = suite.verify();
    CHECK(done.findings.empty());
    CHECK(done.in_parallel > 3);
    CHECK(done.in_parallel < 10);
}
