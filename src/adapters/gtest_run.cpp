#include "adapters/gtest_run.hpp"

#include <isolite/gtest.hpp>

#include "adapters/gtest_members.hpp"
#include "adapters/gtest_mocks.hpp"
#include "adapters/gtest_tests.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace isolite::googletest {

namespace {

using testing::TestInfo;
using testing::TestPartResult;
using testing::TestSuite;
using testing::UnitTest;

/// Returns what people should read about a failure: its place, if it has one, and what failed,
/// without the line that only says that something did.
std::string text_of(const TestPartResult& part) {
    const std::string_view message = part.message();
    constexpr std::string_view failed = "Failed\n";
    const std::string place =
        part.file_name() == nullptr
            ? ""
            : testing::internal::FormatFileLocation(part.file_name(), part.line_number()) + " ";
    return place + std::string(message.substr(message.rfind(failed, 0) == 0 ? failed.size() : 0));
}

} // namespace

gtest_run& gtest_run::of_process() {
    static auto* const run = new gtest_run; // needed at the exit
    return *run;
}

/// Not called in the child of a thread-safe death test, which tells listeners nothing.
void gtest_run::begin() {
    if (const auto known = check_marks(); !known) {
        suites::fail_to_start(known.error());
    }
    auto& listeners = UnitTest::GetInstance()->listeners();
    if (others_ == nullptr) {
        own_.Append(this);
    }
    std::swap(members::of<members::repeater>(listeners), members::of<members::repeater>(own_));
    others_ = members::call<members::listener_of>(own_);
    is_going_on_ = true;
    registered_.clear();
    prepare();
}

void gtest_run::prepare() {
    replay_.reset(); // only now: the others count tests when the iteration before has ended
    suite_ = &suites::begin_run(*this);
    is_started_ = false;
    pending_.clear();
    cases_.clear();
    if (const auto prepared = suite_->prepare(); !prepared) {
        suites::fail_to_start(prepared.error());
    }
}

void gtest_run::iteration_started(int number) {
    if (is_going_on_ && number > 0) {
        prepare();
    }
}

/// Starts the iteration with its first suite: environments are set up then, once for all workers.
/// A worker runs its tests here and does not come back.
void gtest_run::start() {
    is_started_ = true;
    if (const auto started = suite_->start(); !started) {
        suites::fail_to_start(started.error());
    }
    if (suite_->worker() != nullptr) {
        run_claimed();
        suite_->finish();
    }
    if (replay_) {
        replay_->say_outside();
    }
    for (const results::outside_failure& each : std::exchange(pending_, {})) {
        if (results::outcome* const outcome = suite_->outcome()) {
            outcome->failures_outside.push_back(each);
        } else {
            suite_->fail_outside(each);
        }
    }
}

void gtest_run::iteration_ended(int number) {
    if (!is_going_on_) {
        return;
    }
    if (!is_started_) {
        start(); // no suite has run: all the same there is a report
    }
    suite_->finish();
    const results::outcome* const outcome = suite_->outcome();
    const bool is_stopped =
        outcome != nullptr && (outcome->interrupted_by != 0 || outcome->too_many_failures);
    suites::end_run();
    if (is_stopped && GTEST_FLAG_GET(repeat) != 1) {
        stop(number);
    }
}

/// Ends the process, since GoogleTest would go on with the next iteration. Only its own printer has
/// not heard of the end of this one.
void gtest_run::stop(int iteration) {
    const UnitTest& unit = *UnitTest::GetInstance();
    auto& listeners = UnitTest::GetInstance()->listeners();
    if (testing::TestEventListener* const printer = listeners.default_result_printer()) {
        printer->OnTestIterationEnd(unit, iteration);
    }
    std::exit(suites::conclude_runs());
}

void gtest_run::end() {
    if (is_going_on_) {
        is_going_on_ = false;
        replay_.reset();
        std::swap(members::of<members::repeater>(UnitTest::GetInstance()->listeners()),
                  members::of<members::repeater>(own_));
    }
}

std::vector<suites::case_to_cut> gtest_run::all_cases(const shard& shard) {
    if (registered_.empty()) { // or an earlier iteration did, which may have had another order
        registered_ = all_tests();
    }
    return cases_to_cut(registered_, shard);
}

bool gtest_run::is_cut_by_framework() const {
    return std::getenv("GTEST_TOTAL_SHARDS") != nullptr;
}

void gtest_run::leave_out_others(const std::vector<bool>& is_own) {
    isolite::googletest::leave_out_others(registered_, is_own);
}

result<std::optional<std::vector<results::test_case>>> gtest_run::list() {
    std::optional<std::vector<results::test_case>> all(std::in_place);
    const testing::TestResult& environments = UnitTest::GetInstance()->ad_hoc_test_result();
    if (environments.HasFatalFailure() || environments.Skipped()) {
        return all; // GoogleTest runs none of them
    }
    cases_ = chosen_cases();
    for (const chosen_case& each : cases_) {
        all->push_back(described(*each.test));
    }
    find_mocks();
    return all;
}

std::vector<std::string>
gtest_run::selection(const std::vector<const results::test_case*>& cases) const {
    return selection_of(cases);
}

void gtest_run::become_worker(run::forked_worker& /*worker*/) {
    say_left_mocks_at_exit();
    // Never deleted: it would delete what it has.
    static auto* const in_worker = new testing::TestEventListeners;
    for (testing::TestEventListener* const each : listeners_in_workers()) {
        in_worker->Append(each);
    }
    others_ = members::call<members::listener_of>(*in_worker);
    GTEST_FLAG_SET(fail_fast, false); // the parent says where it ends
    for (const chosen_case& each : cases_) {
        members::of<members::should_run>(*each.test) = false;
        members::of<members::suite_should_run>(*each.suite) = false;
    }
}

void gtest_run::run_claimed() {
    do {
        next_ = 0;
        order_ = order_with_suites(cases_, suite_->worker()->order());
        sort_suites(cases_, order_);
        while (claim_next(nullptr)) {
            TestSuite& suite = *cases_[order_[next_ - 1]].suite;
            members::call<members::clear>(members::of<members::result_of_suite>(suite));
            members::of<members::suite_should_run>(suite) = true;
            members::call<members::run_suite>(suite);
            members::of<members::suite_should_run>(suite) = false;
        }
    } while (suite_->worker()->begin_next_pass());
}

/// Claims the next case, and lets GoogleTest run it; of this suite, if the next one is of it, so
/// that no case of another one has to do with how the suite ends.
bool gtest_run::claim_next(const TestSuite* in) {
    for (; next_ < order_.size(); ++next_) {
        const auto& [suite, test, index] = cases_[order_[next_]];
        if (in != nullptr && suite != in) {
            return false;
        }
        using meanwhile = run::forked_worker::meanwhile;
        if (suite_->worker()->claim(order_[next_],
                                    in != nullptr ? meanwhile::nothing : meanwhile::fixtures)) {
            ++next_;
            members::call<members::clear>(members::of<members::result_of_case>(*test));
            members::of<members::should_run>(*test) = true;
            return true;
        }
    }
    return false;
}

void gtest_run::become_parent(results::outcome& outcome) {
    replay_ = std::make_unique<replay>(cases_, outcome, *others_);
}

void gtest_run::OnTestSuiteStart(const TestSuite& suite) {
    if (!is_started_) {
        start();
    }
    {
        const std::lock_guard alone(events_);
        suite_name_ = suite.name();
        suite_ends_ = false;
    }
    suite_->enter_fixture({suite.name(), false});
    suite_->enter_suite(suite.name());
    others_->OnTestSuiteStart(suite);
}

void gtest_run::OnTestStart(const TestInfo& test) {
    {
        const std::lock_guard alone(events_);
        running_ = &test;
    }
    suite_->begin([&] { return described(test); });
    others_->OnTestStart(test);
}

void gtest_run::OnTestPartResult(const TestPartResult& part) {
    {
        const std::lock_guard alone(events_);
        if (suites::latest_run() != nullptr && !(replay_ && !suite_name_.empty())) {
            hear(part);
        }
    }
    others_->OnTestPartResult(part);
}

/// Requires: `events_` is locked. GoogleTest has locked what it tells about the running test.
void gtest_run::hear(const TestPartResult& part) {
    if (running_ != nullptr) {
        if (part.failed()) {
            suite_->explain(text_of(part));
        }
        if (suite_->worker() != nullptr) {
            suite_->worker()->record(results::event::of(part_event, said(part)));
        }
        return;
    }
    if (suite_->worker() != nullptr) {
        suite_->worker()->record_outside(results::event::of(
            suite_event, said_of_suite{suite_name_, suite_ends_, {said(part)}, {}}));
    }
    if (part.failed()) {
        tell_outside(part);
    }
}

void gtest_run::tell_outside(const TestPartResult& part) {
    const results::outside_failure failure{
        suite_name_, part.file_name() != nullptr ? part.file_name() : "",
        static_cast<unsigned>(std::max(part.line_number(), 0)), part.message()};
    if (!is_started_) {
        pending_.push_back(failure);
    } else if (results::outcome* const outcome = suite_->outcome()) {
        outcome->failures_outside.push_back(failure);
    } else {
        suite_->fail_outside(failure);
    }
}

void gtest_run::OnTestEnd(const TestInfo& test) {
    if (replay_) {
        replay_->correct(const_cast<TestInfo&>(test));
    } else {
        end_files(test);
    }
    others_->OnTestEnd(test);
    if (!replay_) {
        end_case(test);
    }
    const std::lock_guard alone(events_);
    running_ = nullptr;
    suite_ends_ = true;
}

/// Its fixture is gone, and who listens has not yet heard that it is over.
void gtest_run::end_files(const TestInfo& test) {
    const bool has_failed = test.result()->Failed();
    if (const std::string found = suite_->end_pass(has_failed); !found.empty()) {
        isolite::googletest::adapter().fail(found);
    }
    suite_->begin_again(has_failed); // who listens may open files
}

void gtest_run::end_case(const TestInfo& test) {
    const testing::TestResult& result = *test.result();
    const results::verdict became = result.Failed()    ? results::verdict::failed
                                    : result.Skipped() ? results::verdict::skipped
                                                       : results::verdict::passed;
    std::string otherwise = "it failed";
    for (int i = 0; result.Skipped() && i < result.total_part_count(); ++i) {
        if (result.GetTestPartResult(i).skipped()) {
            otherwise = result.GetTestPartResult(i).message();
        }
    }
    const said_end last{result.elapsed_time(), result.start_timestamp(),
                        static_cast<std::uint64_t>(result.total_part_count()),
                        properties_of(result)};
    suite_->end(became, otherwise, {results::event::of(end_event, last)});
    if (suite_->worker() == nullptr) {
        return;
    }
    members::of<members::should_run>(const_cast<TestInfo&>(test)) = false;
    const TestSuite& suite = *cases_[order_[next_ - 1]].suite;
    if (!claim_next(&suite)) {
        suite_->enter_fixture({suite.name(), true});
    }
}

void gtest_run::OnTestSuiteEnd(const TestSuite& suite) {
    if (replay_) {
        replay_->say_end(const_cast<TestSuite&>(suite));
    } else if (suite_->worker() != nullptr &&
               suite.ad_hoc_test_result().test_property_count() > 0) {
        suite_->worker()->record_outside(results::event::of(
            suite_event,
            said_of_suite{suite.name(), true, {}, properties_of(suite.ad_hoc_test_result())}));
    }
    suite_->leave_suite();
    others_->OnTestSuiteEnd(suite);
    const std::lock_guard alone(events_);
    suite_name_.clear();
}

} // namespace isolite::googletest
