#include "adapters/gtest_replay.hpp"

#include "adapters/gtest_members.hpp"
#include "results/reports.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace isolite::googletest {

namespace {

replay* current = nullptr;

/// Says whether the parts are the same, as those of one set-up in several workers are.
bool is_in(const std::vector<said_part>& parts, const said_part& part) {
    return std::any_of(parts.begin(), parts.end(), [&](const said_part& each) {
        return text::packed(each) == text::packed(part);
    });
}

/// Writes to what GoogleTest declares constant, in objects that are not.
testing::internal::TestFactoryBase*& factory_of(testing::TestInfo& test) {
    return const_cast<testing::internal::TestFactoryBase*&>(members::of<members::factory>(test));
}

void say_set_up() {
    current->say_set_up(*testing::UnitTest::GetInstance()->current_test_suite());
}

/// Returns how many parts of a case are told to listeners and count no more.
std::uint64_t cleared_parts(const std::vector<results::event>& events) {
    if (events.empty() || events.back().kind != end_event) {
        return 0;
    }
    const std::uint64_t told = events.size() - 1;
    return told - std::min(told, events.back().as<said_end>().parts);
}

testing::TestResult& result_of_program() {
    return const_cast<testing::TestResult&>(testing::UnitTest::GetInstance()->ad_hoc_test_result());
}

/// Enters a death in a suite for the whole program, too, where GoogleTest's reports would have
/// nothing of it: before version 1.16 they omit what fails in a suite outside of its tests. A fatal
/// failure there would keep the tests of later iterations from running.
void enter_if_unreported([[maybe_unused]] said_part death) {
#ifndef GTEST_INTERNAL_HAS_COMPARE_LIB // which came with that version
    death.type = testing::TestPartResult::kNonFatalFailure;
    members::call<members::add_part>(result_of_program(), part_of(death));
#endif
}

testing::TestInfo& running_test() {
    return const_cast<testing::TestInfo&>(*testing::UnitTest::GetInstance()->current_test_info());
}

} // namespace

class replay::body final : public testing::Test {
    void TestBody() override { current->say(running_test()); }
};

class replay::factory final : public testing::internal::TestFactoryBase {
  public:
    testing::Test* CreateTest() override { return new body; }
};

replay::replay(const std::vector<chosen_case>& cases, const results::outcome& outcome,
               testing::TestEventListener& others)
    : cases_(cases), outcome_(outcome), others_(others) {
    current = this;
    for (const auto& process : outcome.outside) {
        for (const results::event& event : process) {
            read(event);
        }
    }
    for (const results::fixture_death& death : outcome.deaths_in_fixtures) {
        const results::outside_failure& of = death.failure;
        suites_[of.suite].deaths.push_back(
            {testing::TestPartResult::kFatalFailure, of.file, static_cast<int>(of.line), of.why});
    }
    for (const chosen_case& each : cases_) {
        members::of<members::suite_should_run>(*each.suite) = false;
        originals_.push_back({factory_of(*each.test), members::of<members::set_up>(*each.suite),
                              members::of<members::tear_down>(*each.suite)});
    }
    for (std::size_t position = 0; position < cases_.size(); ++position) {
        auto& [suite, test, index] = cases_[position];
        const results::verdict became = outcome.results[position].verdict;
        const bool is_said =
            became != results::verdict::not_run && became != results::verdict::left_out;
        positions_[test] = position;
        factory_of(*test) = new factory; // GoogleTest deletes it if the process ends meanwhile
        members::of<members::set_up>(*suite) = ::isolite::googletest::say_set_up;
        members::of<members::tear_down>(*suite) = nullptr;
        members::of<members::should_run>(*test) = is_said;
        members::of<members::suite_should_run>(*suite) = suite->should_run() || is_said;
    }
}

replay::~replay() {
    for (std::size_t position = 0; position < cases_.size(); ++position) {
        auto& [suite, test, index] = cases_[position];
        delete std::exchange(factory_of(*test), originals_[position].factory);
        members::of<members::set_up>(*suite) = originals_[position].set_up;
        members::of<members::tear_down>(*suite) = originals_[position].tear_down;
        members::of<members::should_run>(*test) = true;
        members::of<members::suite_should_run>(*suite) = true;
    }
    current = nullptr;
}

void replay::read(const results::event& event) {
    if (event.kind != suite_event) {
        return;
    }
    auto told = event.as<said_of_suite>();
    suite& to = suites_[told.suite];
    for (said_part& part : told.parts) {
        std::vector<said_part>& parts = told.ends && !told.suite.empty() ? to.end : to.set_up;
        if (!is_in(parts, part)) {
            parts.push_back(std::move(part));
        }
    }
    std::move(told.properties.begin(), told.properties.end(), std::back_inserter(to.properties));
}

/// Only to listeners: with a failure in its set-up GoogleTest would skip the cases, also those that
/// another worker has run.
void replay::say_set_up(const testing::TestSuite& suite) {
    entered_ = &suite;
    for (const said_part& part : suites_[suite.name()].set_up) {
        tell(part_of(part));
    }
}

void replay::say_end(testing::TestSuite& suite) {
    if (entered_ != &suite) {
        return; // GoogleTest skipped it
    }
    auto& result = members::of<members::result_of_suite>(suite);
    const replay::suite& told = suites_[suite.name()];
    for (const said_part& part : told.set_up) {
        members::call<members::add_part>(result, part_of(part));
    }
    for (const said_part& part : told.end) {
        say(result, part);
    }
    for (const said_part& part : told.deaths) {
        say(result, part);
        enter_if_unreported(part);
    }
    for (const said_property& each : told.properties) {
        testing::Test::RecordProperty(each.key, each.value);
    }
    testing::TimeInMillis sum = 0;
    for (const testing::TestInfo* const each : members::of<members::cases>(suite)) {
        sum += each->should_run() ? each->result()->elapsed_time() : 0;
    }
    members::of<members::duration_of_suite>(suite) = sum;
}

/// Does what GoogleTest does with a part, but for the traces that it has already.
void replay::say(testing::TestResult& into, const said_part& part) {
    members::call<members::add_part>(into, part_of(part));
    tell(part_of(part));
}

void replay::tell(const testing::TestPartResult& part) {
    try {
        others_.OnTestPartResult(part);
    } catch (const testing::AssertionException&) {
        // A listener has ended the case so in the worker, and the rest was said all the same.
        return;
    }
}

void replay::say_outside() {
    for (const said_part& part : suites_[""].set_up) {
        say(result_of_program(), part);
    }
}

void replay::say(testing::TestInfo& test) {
    const results::case_result& result = outcome_.results[positions_.at(&test)];
    auto& into = members::of<members::result_of_case>(test);
    said_ = &test;
    const bool failed = result.verdict == results::verdict::failed;
    if (failed) {
        results::show_output(full_name_of(test), result);
    }
    std::uint64_t cleared = cleared_parts(result.events);
    for (const results::event& event : result.events) {
        if (event.kind == part_event && cleared > 0) {
            tell(part_of(event.as<said_part>()));
            --cleared;
        } else if (event.kind == part_event) {
            say(into, event.as<said_part>());
        } else {
            for (const said_property& each : event.as<said_end>().properties) {
                testing::Test::RecordProperty(each.key, each.value);
            }
        }
    }
    if (!result.death.empty() || (failed && !into.Failed())) {
        say(into, {testing::TestPartResult::kFatalFailure, test.file(), test.line(),
                   result.death.empty() ? result.why : result.death});
    }
}

void replay::correct(testing::TestInfo& test) const {
    if (said_ != &test) {
        return; // GoogleTest skipped it
    }
    const results::case_result& result = outcome_.results[positions_.at(&test)];
    auto& corrected = members::of<members::result_of_case>(test);
    if (!result.events.empty() && result.events.back().kind == end_event) {
        const auto told = result.events.back().as<said_end>();
        members::of<members::duration>(corrected) = told.duration;
        members::of<members::start>(corrected) = told.start;
    } else { // its worker died in it
        members::of<members::duration>(corrected) =
            std::chrono::duration_cast<std::chrono::milliseconds>(result.duration).count();
    }
}

} // namespace isolite::googletest
