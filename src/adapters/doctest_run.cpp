#include "adapters/doctest_run.hpp"

#include <isolite/doctest.hpp>

#include "adapters/doctest_events.hpp"
#include "adapters/doctest_replay.hpp"
#include "adapters/doctest_selection.hpp"
#include "run/parallel_run.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>
#include <utility>

namespace isolite::doc_test {

namespace {

using doctest::detail::TestCase;

std::unique_ptr<doctest_run>& going_on() {
    static auto* const run = new std::unique_ptr<doctest_run>; // needed at an early exit
    return *run;
}

/// Returns why a fixture could never be made: its suite has no test.
result<void> check_names_of_suites() {
    std::set<std::string> unknown;
    for (const auto& [name, factories] : suites::suite_fixtures::registered()) {
        unknown.insert(name);
    }
    for (const auto& test : doctest::detail::getRegisteredTests()) {
        unknown.erase(suite_of(test));
    }
    if (unknown.empty()) {
        return {};
    }
    return tl::unexpected(error{errc::usage,
                                "give the suite '" + *unknown.begin() +
                                    "' its fixture: no test is in a suite of that name",
                                "write the name as it stands in TEST_SUITE"});
}

} // namespace

doctest_run* doctest_run::current() {
    return going_on().get();
}

void doctest_run::begin(doctest::IReporter& listener) {
    if (going_on() && going_on()->before_next_pass_) {
        going_on()->begin_next_pass(listener);
        return;
    }
    going_on() = std::make_unique<doctest_run>(listener);
    if (const auto started = going_on()->start(); !started) {
        suites::fail_to_start(started.error());
    }
    become_first(listener);
}

void doctest_run::end(doctest::TestRunStats& stats) {
    going_on()->finish(stats);
    going_on().reset();
    suites::end_run();
}

doctest_run::doctest_run(doctest::IReporter& listener)
    : listener_(listener), suite_(suites::begin_run(*this)),
      fixtures_(suite_, [this](const results::outside_failure& failure) { show(failure); }) {
    for (const TestCase& each : doctest::detail::getRegisteredTests()) {
        registered_.push_back({&writable(each), each.m_test, each.m_skip});
    }
}

result<void> doctest_run::start() {
    return check_names_of_suites().and_then([this] { return suite_.start(); });
}

/// Shows a failure of a suite, as a mere message: a failed assertion would be the next test's.
/// doctest knows nothing of such fixtures, so it counts as a failed test case of its own.
void doctest_run::show(const results::outside_failure& failure) {
    ++failures_of_suites_;
    ADD_MESSAGE_AT(failure.file.c_str(), static_cast<int>(failure.line), failure.why);
    tell_junit(failure); // which heeds no messages
}

void doctest_run::fail_unforgiven(const doctest::TestCaseData& test, const std::string& why) {
    suite_.fail_unforgiven(described(test), why);
}

std::vector<suites::case_to_cut> doctest_run::all_cases(const shard& /*shard*/) {
    std::vector<suites::case_to_cut> all;
    for (const TestCase& each : doctest::detail::getRegisteredTests()) {
        all.push_back({full_name_of(each), all.size()});
    }
    return all;
}

void doctest_run::leave_out_others(const std::vector<bool>& is_own) {
    doctest::ContextOptions& options = options_of_doctest();
    std::size_t position = 0;
    for (const auto& registered : doctest::detail::getRegisteredTests()) {
        bool& skip = writable(registered).m_skip;
        // `--no-skip`, which would bring the others back, is carried out here.
        skip = !is_own[position++] || (skip && !options.no_skip);
    }
    options.no_skip = false;
}

result<std::optional<std::vector<results::test_case>>> doctest_run::list() {
    using described_cases = std::optional<std::vector<results::test_case>>;
    auto listed = listing_.list();
    if (listing_.is_lister()) {
        silence_all_but(listener_);
        return described_cases();
    }
    return std::move(listed).map([this](std::vector<TestCase*> cases) {
        cases_ = std::move(cases);
        described_cases all(std::in_place);
        for (const TestCase* const each : cases_) {
            all->push_back(described(*each));
        }
        return all;
    });
}

std::vector<std::string>
doctest_run::selection(const std::vector<const results::test_case*>& cases) const {
    std::vector<named_test> all;
    for (const registration& each : registered_) {
        const TestCase& test = *each.test;
        all.push_back({test.m_name, suite_of(test), test.m_file.c_str(), test.m_line, each.skip});
    }
    return selection_of(cases, all);
}

/// Runs the body of a case, or a pass through its subcases. Its fixture is gone then, and doctest
/// has not yet judged the case.
void doctest_run::run_body() {
    doctest_run& self = *current();
    try {
        self.body_();
    } catch (...) {
        self.end_files(true);
        throw;
    }
    self.end_files(false);
}

/// What doctest forgives fails the case when it has ended.
void doctest_run::end_files(bool throws) {
    if (forgives_failures(*doctest::getContextOptions()->currentTest)) {
        return;
    }
    if (const std::string found = suite_.end_pass(throws || failed_assertions_ > 0);
        !found.empty()) {
        doc_test::adapter().fail(found);
    }
}

void doctest_run::become_parent(results::outcome& outcome) {
    bool all_ran = true;
    for (std::size_t position = 0; position < cases_.size(); ++position) {
        positions_[cases_[position]] = position;
        const results::verdict verdict = outcome.results[position].verdict;
        cases_[position]->m_test = say_case;
        cases_[position]->m_skip =
            verdict != results::verdict::passed && verdict != results::verdict::failed;
        all_ran = all_ran && !cases_[position]->m_skip;
    }
    doctest::ContextOptions& options = options_of_doctest();
    options.no_skip = options.no_skip && all_ran;
    silent_ = leave_out_silent_cases(cases_, outcome, listener_);
    // Or it says "SUCCESS!" of a run that did not come to its end.
    options.minimal = options.minimal || !outcome.is_complete();
}

/// Says the next pass through the case.
void doctest_run::say_case() {
    doctest_run& self = *current();
    const TestCase* const test = doctest::getContextOptions()->currentTest;
    const results::case_result& result = self.suite_.outcome()->results[self.positions_.at(test)];
    if (self.next_event_ == 0 && result.verdict == results::verdict::failed) {
        results::show_output(full_name_of(*test), result);
    }
    say_pass(result.events, self.next_event_);
    if (self.next_event_ >= result.events.size() && !result.death.empty()) {
        throw result.death;
    }
}

void doctest_run::case_started(const doctest::TestCaseData& test) {
    failed_assertions_ = 0;
    next_event_ = 0;
    if (!suite_.outcome()) {
        fixtures_.enter(suite_of(test), test.m_file.c_str(), test.m_line);
        body_ = std::exchange(writable(static_cast<const TestCase&>(test)).m_test, run_body);
    }
    // Later: no test is billed for its suite.
    suite_.begin([] { return described(*doctest::getContextOptions()->currentTest); });
}

void doctest_run::case_skipped(const doctest::TestCaseData& test) {
    if (listing_.is_lister()) {
        listing_.note(test);
    }
}

void doctest_run::case_reentered() {
    suite_.begin_again(failed_assertions_.exchange(0) > 0);
    add({reenter_event});
}

void doctest_run::case_ended(doctest::CurrentTestCaseStats& stats) {
    if (suite_.outcome()) {
        correct(stats);
        return;
    }
    const auto* const ended = doctest::getContextOptions()->currentTest;
    writable(*static_cast<const TestCase*>(ended)).m_test = body_;
    std::unique_lock alone(events_); // a thread of the case may still assert
    std::vector<results::event> last = take_passed();
    alone.unlock();
    last.push_back(event_of(stats));
    suite_.end(stats.testCaseSuccess ? results::verdict::passed : results::verdict::failed,
               reason_of(stats), last);
    if (suite_.worker()) {
        cases_[current_]->m_skip = true;
        claim_next(current_ + 1, meanwhile::nothing);
    }
}

/// In the parent doctest has timed the saying, not the test; what follows from the time follows
/// too.
void doctest_run::correct(doctest::CurrentTestCaseStats& stats) {
    const auto position = positions_.at(doctest::getContextOptions()->currentTest);
    const results::case_result& result = suite_.outcome()->results[position];
    const bool counted_as_failed = !stats.testCaseSuccess;
    if (!result.events.empty() && result.events.back().kind == end_event) {
        set_stats(stats, result.events.back());
    } else { // its worker died in it
        stats.seconds = std::chrono::duration<double>(result.duration).count();
        stats.failure_flags |= doctest::TestCaseFailureReason::Crash;
    }
    stats.testCaseSuccess = stats.testCaseSuccess && result.death.empty();
    failures_unheard_ += (stats.testCaseSuccess ? 0 : 1) - (counted_as_failed ? 1 : 0);
}

void doctest_run::asserted(const doctest::AssertData& assertion) {
    const bool is_warning = (assertion.m_at & doctest::assertType::is_warn) != 0;
    failed_assertions_ += assertion.m_failed && !is_warning ? 1 : 0;
    if (!suite_.wants_explanations() || (suite_.is_here() && !assertion.m_failed)) {
        return;
    }
    const std::lock_guard alone(events_);
    if (!assertion.m_failed && !doctest::getContextOptions()->success) {
        passed_ += is_warning ? 0 : 1; // there may be millions; doctest does not count warnings
        return;
    }
    if (assertion.m_failed && !is_warning) {
        suite_.explain(explanation_of(assertion));
    }
    record(event_of(assertion));
}

void doctest_run::said(const doctest::MessageData& message) {
    const bool fails = (message.m_severity & doctest::assertType::is_warn) == 0;
    failed_assertions_ += fails ? 1 : 0; // FAIL and FAIL_CHECK
    const std::lock_guard alone(events_);
    if (fails) {
        suite_.explain(std::string(message.m_file) + "(" + std::to_string(message.m_line) +
                       "): " + message.m_string.c_str());
    }
    record(event_of(message));
}

void doctest_run::threw(const doctest::TestCaseException& exception) {
    const std::lock_guard alone(events_);
    suite_.explain(exception.error_string.c_str());
    record(event_of(exception));
}

void doctest_run::subcase_started(const doctest::SubcaseSignature& subcase) {
    add(event_of(subcase));
}

void doctest_run::subcase_ended() {
    add({subcase_end_event});
}

/// Returns the event of the assertions that passed since the last one, if any did.
std::vector<results::event> doctest_run::take_passed() {
    if (passed_ == 0) {
        return {};
    }
    return {results::event::of(passed_event, std::exchange(passed_, 0UL))};
}

void doctest_run::add(const results::event& event) {
    const std::lock_guard alone(events_);
    record(event);
}

/// Requires: `events_` is locked.
void doctest_run::record(const results::event& event) {
    if (suite_.worker()) {
        for (results::event& passed : take_passed()) {
            suite_.worker()->record(std::move(passed));
        }
        suite_.worker()->record(event);
    }
}

void doctest_run::finish(doctest::TestRunStats& stats) {
    if (listing_.is_lister()) {
        listing_.end();
    }
    fixtures_.leave();
    if (suite_.worker() && suite_.worker()->begin_next_pass()) {
        run_again();
    }
    if (results::outcome* const outcome = suite_.outcome()) {
        for (const results::outside_failure& failure : outcome->failures_outside) {
            show(failure);
        }
        for (const results::fixture_death& death : outcome->deaths_in_fixtures) {
            show(death.failure);
        }
    }
    stats.numTestCases += failures_of_suites_;
    stats.numTestCasesPassingFilters += failures_of_suites_ + silent_.cases;
    stats.numAsserts += static_cast<int>(silent_.assertions);
    stats.numTestCasesFailed += failures_of_suites_ + static_cast<unsigned>(failures_unheard_);
    suite_.finish();
    for (const registration& each : registered_) {
        each.test->m_test = each.body; // for another run of this process
        each.test->m_skip = each.skip;
    }
}

} // namespace isolite::doc_test
