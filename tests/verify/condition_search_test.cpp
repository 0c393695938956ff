#include "run/condition.hpp"
#include "verify/verifier.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

using isolite::results::verdict;
using isolite::run::condition;
using isolite::run::text_of;
using isolite::run::time_in;
using isolite::verify::bounds;
using isolite::verify::experiment;
using isolite::verify::finding;
using isolite::verify::plan;
using isolite::verify::verification;
using isolite::verify::verifier;

namespace {

using kind = condition::what;

const condition far_zone = {kind::zone, "Pacific/Kiritimati"};
const condition other_zone = {kind::zone, "America/St_Johns"};
const condition late = {kind::clock, "2032-02-29T12:00:00"};
const condition upside_down = {kind::rows, "reversed"};
const condition first_number = {kind::random, "1"};

/// A suite without processes, whose cases know in which conditions they run.
struct suite_in_conditions {
    struct process {
        const std::vector<condition>& held;
        std::optional<std::size_t> reversed;
        bool is_spoiled = false;
        std::string why = "";

        [[nodiscard]] bool is_in(const condition& one) const {
            return std::find(held.begin(), held.end(), one) != held.end();
        }
        [[nodiscard]] std::optional<std::string> value_of(kind wanted) const {
            for (const condition& each : held) {
                if (each.kind == wanted) {
                    return each.value;
                }
            }
            return std::nullopt;
        }
        [[nodiscard]] std::int64_t local_time() const {
            return time_in(value_of(kind::clock).value_or(present)).value();
        }
    };
    using body = std::function<bool(process&)>;

    static constexpr const char* present = "2026-11-30T14:10:00";
    static constexpr std::size_t victim = 6;

    explicit suite_in_conditions(body of_victim) : victim_body(std::move(of_victim)) {}

    verification verify(std::size_t most_experiments = 100000) {
        bounds bounds;
        bounds.cases = cases;
        bounds.budget = std::chrono::seconds(1);
        bounds.conditions = parts;
        bounds.local_time = time_in(present).value();
        bounds.left = [this, most_experiments] {
            return std::chrono::nanoseconds(
                std::chrono::seconds(experiments < most_experiments ? 1 : 0));
        };
        return verifier([this](const plan& plan) { return run(plan); }, bounds).verify();
    }

    experiment run(const plan& plan) {
        ++experiments;
        experiment done;
        done.workers = plan.workers;
        done.order = plan.order;
        done.conditions = plan.conditions;
        process now{plan.conditions, plan.reversed};
        for (const std::size_t position : plan.order) {
            auto& seen = done.became[position];
            const bool passes = position != victim || victim_body(now);
            now.is_spoiled = now.is_spoiled || position == spoiler;
            seen.verdict = passes ? verdict::passed : verdict::failed;
            seen.why = passes ? "" : now.why + "it was told to";
            seen.timed_out = !passes && hangs;
            seen.statements = plan.reversed ? statements : std::vector<std::string>();
            times_out += seen.timed_out ? 1 : 0;
        }
        return done;
    }

    body victim_body;
    std::vector<std::string> statements; ///< of each case
    std::vector<std::vector<condition>> parts = {{far_zone, late, first_number},
                                                 {other_zone, upside_down}};
    std::size_t cases = 10;
    std::size_t spoiler = SIZE_MAX;
    bool hangs = false;
    std::size_t times_out = 0;
    std::size_t experiments = 0;
};

using suite_process = suite_in_conditions::process;

/// Returns the only finding.
finding only(const verification& done) {
    REQUIRE(done.findings.size() == 1);
    return done.findings.front();
}

} // namespace

TEST_CASE("a suite that needs no condition is run once more for each part of them") {
    suite_in_conditions suite([](suite_process&) { return true; });
    const verification done = suite.verify();
    CHECK(done.findings.empty());
    CHECK(done.conditions.size() == 5);
    CHECK(done.experiments == 5 + 1 + 3 + 10 + 2);
    CHECK_FALSE(done.was_cut);
}

TEST_CASE("a suite without cases is run in no condition") {
    suite_in_conditions suite([](suite_process&) { return true; });
    suite.cases = 0;
    const verification done = suite.verify();
    CHECK(done.findings.empty());
    CHECK(done.experiments == 0);
}

TEST_CASE("a case that fails in one condition is told with that one") {
    const finding found = only(
        suite_in_conditions([](suite_process& in) { return !in.is_in(upside_down); }).verify());
    CHECK(found.kind == finding::what::within);
    CHECK(found.victim == suite_in_conditions::victim);
    CHECK(found.alone == verdict::passed);
    CHECK(found.otherwise == verdict::failed);
    CHECK(found.conditions == std::vector<condition>{upside_down});
    CHECK(found.culprits.empty());
    CHECK(found.why == "it was told to");
    CHECK_FALSE(found.unlike);
}

TEST_CASE("the statement is told that needs an order, among others") {
    for (const std::size_t decisive : {0U, 1U, 70U, 99U}) {
        suite_in_conditions suite([=](suite_process& in) {
            return !in.is_in(upside_down) || in.reversed.value_or(SIZE_MAX) <= decisive;
        });
        for (int i = 0; i < 100; ++i) {
            suite.statements.push_back("SELECT " + std::to_string(i));
        }
        CHECK(only(suite.verify()).statement == suite.statements[decisive]);
    }
}

TEST_CASE("no statement is told if the rows cannot be put in order again") {
    suite_in_conditions suite([](suite_process& in) { return !in.is_in(upside_down); });
    suite.statements = {"SELECT 1", "SELECT 2"};
    CHECK(only(suite.verify()).statement.empty());
    suite.statements.clear();
    CHECK(only(suite.verify()).statement.empty());
}

TEST_CASE("a statement that was ended by putting rows in order again is not blamed") {
    suite_in_conditions suite([](suite_process& in) {
        const std::size_t reversed = in.reversed.value_or(in.is_in(upside_down) ? SIZE_MAX : 0);
        in.why = reversed == 2 ? "abort due to ROLLBACK" : "";
        return reversed < 2;
    });
    suite.statements = {"SELECT 1", "SELECT 2", "SELECT 3", "SELECT 4"};
    CHECK(only(suite.verify()).statement == "SELECT 3");
}

TEST_CASE("a case that fails in several conditions is told once for each kind") {
    const verification done = suite_in_conditions([](suite_process& in) {
                                  return !in.value_of(kind::zone) && !in.is_in(upside_down);
                              }).verify();
    REQUIRE(done.findings.size() == 2);
    CHECK(done.findings[0].conditions == std::vector<condition>{far_zone});
    CHECK(done.findings[1].conditions == std::vector<condition>{upside_down});
}

TEST_CASE("conditions that do harm only together are told together") {
    const finding found = only(suite_in_conditions([](suite_process& in) {
                                   return !in.is_in(far_zone) || !in.is_in(first_number);
                               }).verify());
    CHECK(found.conditions == std::vector<condition>{far_zone, first_number});
    CHECK(found.culprits.empty());
}

TEST_CASE("a case that fails in a condition only behind another one is told with both") {
    suite_in_conditions suite(
        [](suite_process& in) { return !in.is_in(far_zone) || !in.is_spoiled; });
    suite.spoiler = 2;
    const finding found = only(suite.verify());
    CHECK(found.conditions == std::vector<condition>{far_zone});
    CHECK(found.culprits == std::vector<std::size_t>{2});
}

TEST_CASE("a case that passes only in a condition is told with it") {
    const finding found =
        only(suite_in_conditions([](suite_process& in) { return in.is_in(far_zone); }).verify());
    CHECK(found.alone == verdict::failed);
    CHECK(found.otherwise == verdict::passed);
}

TEST_CASE("the second in which a verdict changes is found") {
    const auto expires = time_in("2030-01-01T00:00:00").value();
    suite_in_conditions suite([&](suite_process& in) { return in.local_time() < expires; });
    const finding found = only(suite.verify());
    CHECK(found.conditions == std::vector<condition>{{kind::clock, "2030-01-01T00:00:00"}});
    REQUIRE(found.unlike);
    CHECK(text_of(*found.unlike) == "clock=2029-12-31T23:59:59");
    CHECK(suite.experiments < 5 + 3 + 10 + 2 + 60);
}

TEST_CASE("a case that minds each other clock is not blamed for a time") {
    suite_in_conditions suite([](suite_process& in) { return !in.value_of(kind::clock); });
    const verification done = suite.verify();
    CHECK(suite.experiments < 5 + 3 + 10 + 2 + 10); // no moment is looked for
    CHECK(done.findings.empty());
    CHECK(done.with_two_clocks == std::vector<std::size_t>{suite_in_conditions::victim});
    const auto near = time_in("2026-11-30T14:19:00").value();
    const verification later =
        suite_in_conditions([&](suite_process& in) { return in.local_time() < near; }).verify();
    CHECK(later.findings.empty());
    CHECK(later.with_two_clocks.size() == 1);
}

TEST_CASE("a case that waits for a time of another clock is not waited for again") {
    suite_in_conditions suite(
        [](suite_process& in) { return in.local_time() < time_in(late.value).value(); });
    suite.parts = {{late}, {other_zone, late}};
    suite.hangs = true;
    const verification done = suite.verify();
    CHECK(done.findings.empty());
    CHECK(done.with_two_clocks.size() == 1);
    CHECK(suite.experiments < 5 + 3 + 10 + 2 + 10);
    CHECK(suite.times_out == 2); // with the others, and alone
}

TEST_CASE("a case that differs by SQLite's random numbers is told with two beginnings of them") {
    unsigned coin = 0;
    suite_in_conditions suite([&coin](suite_process& in) {
        const auto seed = in.value_of(kind::random);
        return seed ? *seed != "3" : ++coin % 3 != 0;
    });
    const finding found = only(suite.verify());
    CHECK(found.kind == finding::what::within);
    CHECK(found.conditions == std::vector<condition>{{kind::random, "3"}});
    REQUIRE(found.unlike);
    CHECK(text_of(*found.unlike) == "random=1");
    CHECK(found.otherwise == verdict::failed);
}

TEST_CASE("a case that goes with addresses of memory is told with two orders of them") {
    const condition down = {kind::addresses, "descending"};
    unsigned coin = 0;
    suite_in_conditions by_chance([&coin](suite_process& in) {
        const auto order = in.value_of(kind::addresses);
        return order ? *order == "ascending" : ++coin % 3 != 0;
    });
    // Whatever runs before, or is another condition, moves blocks of memory.
    suite_in_conditions by_zone([](suite_process& in) {
        return in.value_of(kind::addresses).value_or(in.is_in(far_zone) ? "" : "ascending") ==
               "ascending";
    });
    suite_in_conditions by_order([](suite_process& in) {
        return in.value_of(kind::addresses).value_or(in.is_spoiled ? "" : "ascending") ==
               "ascending";
    });
    by_order.spoiler = 2;
    for (suite_in_conditions* const each : {&by_chance, &by_zone, &by_order}) {
        each->parts = {{far_zone}, {down}};
        const finding found = only(each->verify());
        CHECK(found.kind == finding::what::within);
        CHECK(found.conditions == std::vector<condition>{down});
        CHECK(found.culprits.empty());
        REQUIRE(found.unlike);
        CHECK(text_of(*found.unlike) == "addresses=ascending");
    }
}

TEST_CASE("addresses are blamed for nothing where they do not matter") {
    suite_in_conditions suite([](suite_process& in) { return !in.is_in(far_zone); });
    suite.parts = {{far_zone}, {{kind::addresses, "descending"}}};
    CHECK(only(suite.verify()).conditions == std::vector<condition>{far_zone});
}

TEST_CASE("nothing is tried that cannot be changed here") {
    unsigned coin = 0;
    suite_in_conditions suite([&coin](suite_process& in) {
        CHECK_FALSE(in.value_of(kind::addresses));
        CHECK_FALSE(in.value_of(kind::random));
        return ++coin % 3 != 0;
    });
    suite.parts = {{far_zone}};
    CHECK(only(suite.verify()).kind == finding::what::unsure);
}

TEST_CASE("a case that differs by another chance is not blamed for SQLite's") {
    unsigned coin = 0;
    const finding found =
        only(suite_in_conditions([&coin](suite_process&) { return ++coin % 3 != 0; }).verify());
    CHECK(found.kind == finding::what::unsure);
}

TEST_CASE("a difference that does not show again is told as one by chance") {
    unsigned seen = 0;
    const finding found = only(suite_in_conditions([&seen](suite_process& in) {
                                   return !in.is_in(far_zone) || seen++ > 0;
                               }).verify());
    CHECK(found.kind == finding::what::unsure);
}

TEST_CASE("a budget that is too short for each case alone is enough for conditions") {
    suite_in_conditions suite([](suite_process&) { return true; });
    const verification done = suite.verify(6);
    CHECK(done.was_cut);
    CHECK(done.conditions.size() == 5);
    CHECK(done.run_alone == 0);
}

TEST_CASE("when the budget ends, conditions are left out, and that is said") {
    for (const std::size_t most : {1U, 3U, 4U, 17U, 20U, 22U}) {
        suite_in_conditions suite([](suite_process& in) { return !in.is_in(far_zone); });
        const verification done = suite.verify(most);
        CAPTURE(most);
        CHECK(done.was_cut);
        CHECK(done.experiments <= most + 1);
        for (const finding& each : done.findings) {
            CHECK(each.kind == finding::what::unsure);
        }
    }
}
