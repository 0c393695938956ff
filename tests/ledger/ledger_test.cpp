#include "ledger/ledger.hpp"

#include <isolite/ledger.hpp>
#include <isolite/timed_fixture.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace std::chrono_literals;
using isolite::records::fixture_kind;
using isolite::records::ledger;

namespace {

void enter(ledger& to, fixture_kind kind, std::chrono::nanoseconds duration, unsigned depth = 0) {
    const auto now = isolite::records::ledger::clock::now();
    to.enter(kind, {"shop"}, {now, now + duration, depth});
}

} // namespace

TEST_CASE("a process without fixtures has nothing to sum up") {
    CHECK(ledger().summary("main").empty());
}

TEST_CASE("a case is billed without the fixtures in it, each of which counts once") {
    ledger kept;
    const auto start = isolite::records::ledger::clock::now();
    kept.begin_case("orders/first", 0, start);
    enter(kept, fixture_kind::session_opened, 3ms);
    enter(kept, fixture_kind::session_checked, 1ms, 1);
    enter(kept, fixture_kind::session_closed, 2ms);
    CHECK((kept.end_case({"passed", "", start + 25ms}) == 5ms));
    CHECK((kept.account().time_in_tests() == 20ms));
    CHECK((kept.time_in_fixtures() == 5ms));
    CHECK(kept.account().tests() == 1);
}

TEST_CASE("fixtures outside of cases are billed to none") {
    ledger kept;
    enter(kept, fixture_kind::engine_opened, 50ms);
    const auto start = isolite::records::ledger::clock::now();
    kept.begin_case("orders/first", 0, start);
    CHECK((kept.end_case({"passed", "", start + 25ms}) == 0ms));
    CHECK((kept.account().time_in_tests() == 25ms));
}

TEST_CASE("the end of a session has parts, which are not in the sum again") {
    ledger kept;
    const auto now = isolite::records::ledger::clock::now();
    isolite::records::session_end end;
    end.details = {"shop", "first"};
    kept.enter(end, now, now + 5ms, 0);
    CHECK(kept.account().fixtures().size() == 1);
    end.work = {now + 1ms, now + 2ms, {}};
    kept.enter(end, now, now + 5ms, 0);
    CHECK(kept.account().fixtures().size() == 2);
    end.work.healed = now + 4ms;
    kept.enter(end, now, now + 5ms, 0);
    const auto fixtures = kept.account().fixtures();
    REQUIRE(fixtures.size() == 3);
    CHECK((fixtures[0].kind == fixture_kind::session_checked));
    CHECK((fixtures[0].figures.total == 2ms));
    CHECK((fixtures[1].kind == fixture_kind::session_healed));
    CHECK((fixtures[1].figures.total == 2ms));
    CHECK((kept.time_in_fixtures() == 15ms));
}

TEST_CASE("without a framework each outermost session is a test, with one it is not") {
    ledger kept;
    const auto now = isolite::records::ledger::clock::now();
    isolite::records::session_end end;
    end.details = {"shop", "first"};
    end.opened = now - 4ms;
    kept.enter(end, now, now, 0);
    CHECK(kept.account().tests() == 1);
    CHECK((kept.account().time_in_tests() == 4ms));
    end.is_outermost = false;
    kept.enter(end, now, now, 0);
    CHECK(kept.account().tests() == 1);
    end.is_outermost = true;
    kept.begin_run();
    kept.enter(end, now, now, 0);
    CHECK(kept.account().tests() == 1);
}

TEST_CASE("the summary names the worker and the seeds that it applies for itself") {
    ledger kept;
    enter(kept, fixture_kind::image_built_alone, 7ms);
    kept.add_seeding_alone("shop", "its step 'prices' declares no version");
    const std::string summary = kept.summary("w3");
    CHECK(summary.rfind("isolite: worker w3: 0 cases, 0.00 us in tests, 7.00 ms in fixtures", 0) ==
          0);
    CHECK(summary.find("\n  every worker seeds 'shop' for itself: its step 'prices' declares no "
                       "version.") != std::string::npos);
}

TEST_CASE("a worker tells its parent of each fixture once") {
    ledger kept;
    enter(kept, fixture_kind::own, 1ms);
    CHECK(kept.take_told().empty()); // it is no forked worker
    ledger forked;
    forked.become_worker(1);
    enter(forked, fixture_kind::engine_opened, 2ms);
    forked.begin_case("a", 0, isolite::records::ledger::clock::now());
    enter(forked, fixture_kind::session_opened, 3ms, 1);
    const auto told = forked.take_told();
    REQUIRE(told.size() == 2);
    CHECK((told[0].kind == fixture_kind::engine_opened));
    CHECK(told[0].name == "shop");
    CHECK((told[0].duration == 2ms));
    CHECK_FALSE(told[0].in_case);
    CHECK(told[1].in_case);
    CHECK(told[1].depth == 1);
    CHECK(forked.take_told().empty());
}

TEST_CASE("of very many fixtures in a case a worker tells sums") {
    constexpr std::size_t count = 20'000;
    ledger forked;
    forked.become_worker(1);
    forked.begin_case("a", 0, isolite::records::ledger::clock::now());
    for (std::size_t i = 0; i < count; ++i) {
        enter(forked, fixture_kind::session_opened, 3us, i % 2);
    }
    enter(forked, fixture_kind::session_opened, 1ms);
    std::size_t told_of = 0;
    std::chrono::nanoseconds sum{0};
    std::chrono::nanoseconds outermost{0};
    std::chrono::nanoseconds longest{0};
    const auto told = forked.take_told();
    for (const isolite::records::told_fixture& each : told) {
        CHECK(each.in_case);
        told_of += each.count;
        sum += each.duration;
        outermost += each.depth == 0 ? each.duration : 0ms;
        longest = std::max(longest, each.longest);
    }
    CHECK(told.size() == isolite::records::told_list::most_pieces + 2);
    CHECK(told_of == count + 1);
    CHECK((sum == count * 3us + 1ms));
    CHECK((outermost == count / 2 * 3us + 1ms));
    CHECK((longest == 1ms));
    CHECK(forked.take_told().empty());
}

TEST_CASE("a second run of a process begins with an empty ledger") {
    ledger kept;
    kept.begin_run();
    enter(kept, fixture_kind::session_opened, 3ms);
    kept.become_parent();
    kept.end();
    kept.begin_run();
    CHECK((kept.time_in_fixtures() == 0ms));
    CHECK(kept.summary("main").empty());
    enter(kept, fixture_kind::session_opened, 1ms);
    CHECK(kept.summary("main").find("1.00 ms in fixtures") != std::string::npos);
}

TEST_CASE("a parent of workers has no summary of its own") {
    ledger kept;
    kept.become_parent();
    enter(kept, fixture_kind::image_mapped, 1ms);
    CHECK(kept.summary("main").empty());
}

TEST_CASE("a fixture of the user's is entered by one line, and holds those inside of it") {
    {
        const isolite::timed_fixture outer("catalogue");
        const isolite::timed_fixture inner("index");
    }
    const auto kept = isolite::records::ledger::of_process().account();
    REQUIRE(kept.fixtures().size() == 2);
    std::chrono::nanoseconds outer{0};
    for (const auto& each : kept.fixtures()) {
        outer = each.name == "catalogue" ? each.figures.total : outer;
    }
    CHECK((kept.time_in_fixtures() == outer));
    CHECK(isolite::ledger_summary("main").find("fixture (catalogue)") != std::string::npos);
}
