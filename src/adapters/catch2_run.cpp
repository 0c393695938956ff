#include "adapters/catch2_run.hpp"

#include "adapters/catch2_cases.hpp"
#include "adapters/catch2_replay.hpp"
#include "results/outcome.hpp"
#include "results/reports.hpp"

#include <iostream>
#include <utility>

namespace isolite::catch2 {

namespace {

catch2_run* going_on = nullptr;

} // namespace

/// A case whose body has run elsewhere, or is not to run.
class catch2_run::stand_in final : public Catch::ITestInvoker {
  public:
    void invoke() const override { current()->count(); }
};

catch2_run::catch2_run(const config_pointer& config)
    : deaf_reporter(config, nullptr), config_(config) {
    going_on = this;
    take_reporters([](reporter_pointer made, bool is_listener) {
        if (going_on == nullptr || going_on->has_begun_) {
            return made; // a test has made it for itself
        }
        reporter_pointer deaf(new deaf_reporter(going_on->config_, made.get()));
        going_on->others_.add(std::move(made), is_listener);
        return deaf;
    });
}

catch2_run::~catch2_run() {
    going_on = nullptr;
}

catch2_run* catch2_run::current() {
    return going_on;
}

void catch2_run::fail_unforgiven(const std::string& why) {
    suite_->fail_unforgiven(described(*test_), why);
}

void catch2_run::testRunStarting(const Catch::TestRunInfo& run) {
    has_begun_ = true;
    have_lasting_fixtures_ = cases_with_lasting_fixtures(*config_);
    suite_ = &suites::begin_run(*this);
    const bool wants_passed = others_.wants_passed(*config_);
    if (const runner* const known = known_runner()) {
        known->tell_passed(wants_passed);
    }
#if ISOLITE_CATCH2_VERSION == 3
    m_preferences.shouldReportAllAssertions = wants_passed; // who listened was unknown before
#endif
    // What listeners prepare for the run is there before workers are forked.
    others_.tell(audience::part::listeners, &reporter::testRunStarting, run);
    if (const auto started = suite_->start(); !started) {
        suites::fail_to_start(started.error());
    }
    if (suite_->worker()) {
        suite_->finish(); // ends it
    }
    others_.tell(audience::part::reporters, &reporter::testRunStarting, run);
}

std::vector<suites::case_to_cut> catch2_run::all_cases(const shard& /*shard*/) {
    return cases_to_cut(*config_);
}

void catch2_run::leave_out_others(const std::vector<bool>& is_own) {
    const std::map<std::string, std::size_t> positions = positions_in_sources();
    for (test_case& each : catch2::all_cases(*config_)) {
        if (!is_own[positions.at(id_of(each.getTestCaseInfo()))]) {
            replace(each);
            left_out_.insert(&each.getTestCaseInfo());
        }
    }
}

result<std::optional<std::vector<results::test_case>>> catch2_run::list() {
    if (known_runner() == nullptr) {
        return tl::unexpected(
            error{errc::usage, "start workers: isolite does not know Catch2's runner",
                  "include <isolite/catch2.hpp> behind catch.hpp in the source file that defines "
                  "CATCH_CONFIG_MAIN or CATCH_CONFIG_RUNNER"});
    }
    std::optional<std::vector<results::test_case>> all(std::in_place);
    for (test_case* const each : chosen_cases(*config_)) {
        if (left_out_.count(&each->getTestCaseInfo()) == 0) {
            cases_.push_back(each);
            all->push_back(described(each->getTestCaseInfo()));
        }
    }
    return all;
}

std::vector<std::string>
catch2_run::selection(const std::vector<const results::test_case*>& cases) const {
    return selection_of(cases);
}

void catch2_run::become_worker(run::forked_worker& worker) {
    records_starts_ = others_.has_listeners();
    records_passed_ = others_.wants_passed(*config_);
    usual_output_ = records_starts_ && others_.catches_output() ? std::cout.rdbuf() : nullptr;
    worker.say_before_death(say_last_words);
    const claimed_body::actions before = claimed_body::actions_now();
    do {
        for (const std::size_t position : worker.order()) {
            if (worker.claim(position, run::forked_worker::meanwhile::nothing)) {
                const test_case& original = *cases_[position];
                invokers body;
                known_runner()->run(
                    with_invoker(original, std::make_unique<claimed_body>(original, before), body));
            }
        }
    } while (worker.begin_next_pass());
}

/// In a handler of signals: says what a crash would take along.
void catch2_run::say_last_words() {
    if (going_on != nullptr && going_on->test_ != nullptr) {
        going_on->say_crash();
    }
}

void catch2_run::say_crash() noexcept {
    for (const results::event& each : unrecorded_) {
        suite_->worker()->record_last(each);
    }
    if (known_runner()->show_last == nullptr) {
        return;
    }
    known_runner()->show_last([](const Catch::AssertionInfo& last,
                                 const std::vector<Catch::MessageInfo>& messages,
                                 const Catch::Totals& totals) {
        run::forked_worker& worker = *going_on->suite_->worker();
        for (const Catch::MessageInfo& each : messages) {
            const shown_message message = shown(each);
            worker.record_last(last_message_event, text::to_pack(message));
        }
        const shown_assertion assertion = shown(last, totals);
        worker.record_last(crash_event, text::to_pack(assertion));
    });
}

void catch2_run::become_parent(results::outcome& outcome) {
    for (std::size_t position = 0; position < cases_.size(); ++position) {
        test_case& test = *cases_[position];
        replace(test);
        if (outcome.results[position].attempts > 0) {
            positions_[&test.getTestCaseInfo()] = position;
        } else {
            left_out_.insert(&test.getTestCaseInfo());
        }
    }
}

void catch2_run::replace(test_case& test) {
    replaced_.emplace_back(&test, test);
    test = with_invoker(test, std::make_unique<stand_in>(), stand_ins_);
}

/// Counts what became of a case in a worker. One that is left out must neither fail nor seem to
/// lack assertions.
void catch2_run::count() {
    if (left_out_.count(test_) == 0) {
        known_runner()->count(said_);
    } else if (test_->expectedToFail()) {
        Catch::AssertionReaction reaction;
        Catch::getResultCapture().handleMessage({{}, test_->lineInfo, {}, {}},
                                                Catch::ResultWas::ExplicitFailure, std::string(),
                                                reaction);
    } else {
        Catch::getResultCapture().assertionPassed();
    }
}

/// Says a case as its worker recorded it, before Catch2 runs the case that only counts.
void catch2_run::say_case(const Catch::TestCaseInfo& test) {
    const results::case_result& result = suite_->outcome()->results[positions_.at(&test)];
    if (result.verdict == results::verdict::failed) {
        results::show_output(test.name, result);
    }
    const auto most = static_cast<std::uint64_t>(config_->abortAfter());
    replay said(test, totals_, most - totals_.assertions.failed, *config_, others_);
    const Catch::Totals counted = said.say(result.events, result.death);
    totals_ += counted;
    said_ = counted.assertions;
}

void catch2_run::testCaseStarting(const Catch::TestCaseInfo& test) {
    test_ = &test;
    depth_ = 0;
    has_begun_anew_ = true;
    if (left_out_.count(&test) > 0) {
        return;
    }
    if (suite_->outcome()) {
        say_case(test);
        return;
    }
    suite_->begin([&] { return described(test); });
    hand_on(&reporter::testCaseStarting, test);
}

/// Hands on what happens in a case, or records it, or is silent where it has been said.
template <typename Result, typename... Parameters, typename... Arguments>
void catch2_run::hand_on(Result (reporter::*event)(Parameters...), const Arguments&... about) {
    if (suite_->is_here() && left_out_.count(test_) == 0) {
        others_.tell(event, about...);
    }
}

/// In a worker: keeps what `make` returns for the parent, with what came before it if it may be the
/// last before a crash.
template <typename Make>
void catch2_run::record(bool at_once, Make make) {
    run::forked_worker* const worker = suite_->worker();
    if (worker == nullptr) {
        return;
    }
    unrecorded_.push_back(make());
    if (at_once) {
        for (results::event& each : unrecorded_) {
            worker->record(std::move(each));
        }
        unrecorded_.clear();
    }
}

/// In a worker: when an exception has left the body, sections end behind it.
void catch2_run::record_end_of_body() {
    if (is_in_body_ && std::cout.rdbuf() == usual_output_) {
        is_in_body_ = false;
        record(false, [] { return results::event{body_end_event}; });
    }
}

void catch2_run::sectionStarting(const Catch::SectionInfo& section) {
    if (depth_++ == 0) {
        const bool has_failed = std::exchange(failed_assertions_, 0) > 0;
        if (!std::exchange(has_begun_anew_, false)) {
            suite_->begin_again(has_failed);
        }
    }
    record(depth_ > 1, [&] { return event_of(section); });
    is_in_body_ = usual_output_ != nullptr;
    hand_on(&reporter::sectionStarting, section);
}

void catch2_run::assertionStarting(const Catch::AssertionInfo& assertion) {
    if (records_starts_) {
        record(false, [&] { return event_of(assertion); });
    }
    hand_on(&reporter::assertionStarting, assertion);
}

heard_assertion catch2_run::assertionEnded(const Catch::AssertionStats& stats) {
    const Catch::AssertionResult& result = stats.assertionResult;
    failed_assertions_ += result.isOk() ? 0 : 1;
    record_end_of_body();
    if (suite_->wants_explanations() && explains(result)) {
        suite_->explain(explanation_of(result));
    }
    if (suite_->is_here() && left_out_.count(test_) == 0) {
        others_.tell(*config_, stats);
    } else if (records_passed_ || result.getResultType() != Catch::ResultWas::Ok) {
        record(true, [&] { return event_of(stats); });
    }
    return heard_assertion();
}

void catch2_run::sectionEnded(const Catch::SectionStats& stats) {
    Catch::SectionStats corrected = stats;
    record_end_of_body();
    if (--depth_ == 0 && left_out_.count(test_) == 0 && suite_->outcome() == nullptr) {
        end_files(corrected);
    }
    record(false, [&] { return event_of(corrected); });
    hand_on(&reporter::sectionEnded, corrected);
}

/// The fixture is gone at the end of the outermost section, and the pass not yet counted. Where it
/// lives on, and where Catch2 forgives failures, the case fails when it has ended.
void catch2_run::end_files(Catch::SectionStats& section) {
    if (test_->okToFail() || has_crashed_ || have_lasting_fixtures_.count(test_) > 0) {
        return;
    }
    const bool has_failed = failed_assertions_ > 0 || section.missingAssertions;
    if (const std::string found = suite_->end_pass(has_failed); !found.empty()) {
        catch2::adapter().fail(found);
        ++section.assertions.failed; // which were counted before
    }
    if (others_.has_listeners()) { // which may open files
        suite_->begin_again(has_failed);
        has_begun_anew_ = true;
    }
}

void catch2_run::testCaseEnded(const Catch::TestCaseStats& stats) {
    if (left_out_.count(test_) > 0) {
        not_told_ += stats.totals;
    } else if (suite_->outcome() == nullptr) {
        record(false, [&] { return event_of(stats); });
        const results::verdict became = verdict_of(stats.totals.testCases);
        suite_->end(became, "it should have failed but did not", unrecorded_);
        unrecorded_.clear();
        hand_on(&reporter::testCaseEnded, stats);
    }
    test_ = nullptr;
}

void catch2_run::testRunEnded(const Catch::TestRunStats& stats) {
    others_.tell(&reporter::testRunEnded,
                 Catch::TestRunStats(stats.runInfo, stats.totals - not_told_, stats.aborting));
    others_.say_opening_commands();
    suite_->finish();
    suite_ = nullptr;
    for (const auto& [test, original] : replaced_) {
        *test = original; // for another run of this process
    }
    suites::end_run();
}

void catch2_run::skipTest(const Catch::TestCaseInfo& test) {
    if (left_out_.count(&test) == 0) {
        others_.tell(&reporter::skipTest, test);
    }
}

void catch2_run::noMatchingTestCases(name_text spec) {
    others_.tell(&reporter::noMatchingTestCases, spec);
}

void catch2_run::fatalErrorEncountered(Catch::StringRef error) {
    has_crashed_ = true;
    hand_on(&reporter::fatalErrorEncountered, error);
}

#if ISOLITE_CATCH2_VERSION == 3

void catch2_run::testCasePartialStarting(const Catch::TestCaseInfo& test, std::uint64_t number) {
    record(false, [&] { return event_of_part(number); });
    hand_on(&reporter::testCasePartialStarting, test, number);
}

void catch2_run::testCasePartialEnded(const Catch::TestCaseStats& stats, std::uint64_t number) {
    record(false, [&] { return event_of_part(stats, number); });
    hand_on(&reporter::testCasePartialEnded, stats, number);
}

void catch2_run::benchmarkPreparing(name_text name) {
    record(false, [&] { return results::event{benchmark_event, std::string(name)}; });
    hand_on(&reporter::benchmarkPreparing, name);
}

void catch2_run::benchmarkStarting(const Catch::BenchmarkInfo& benchmark) {
    record(false, [&] {
        return results::event::of(benchmark_start_event,
                                  said_benchmark{{benchmark, {}, {}, {}, {}, 0}});
    });
    hand_on(&reporter::benchmarkStarting, benchmark);
}

void catch2_run::benchmarkEnded(const Catch::BenchmarkStats<>& stats) {
    record(false, [&] { return results::event::of(benchmark_end_event, said_benchmark{stats}); });
    hand_on(&reporter::benchmarkEnded, stats);
}

void catch2_run::benchmarkFailed(name_text name) {
    record(false, [&] { return results::event{benchmark_fail_event, std::string(name)}; });
    hand_on(&reporter::benchmarkFailed, name);
}

#else

void catch2_run::reportInvalidArguments(const std::string& argument) {
    others_.tell(&reporter::reportInvalidArguments, argument);
}

void catch2_run::testGroupStarting(const Catch::GroupInfo& group) {
    others_.tell(&reporter::testGroupStarting, group);
}

void catch2_run::testGroupEnded(const Catch::TestGroupStats& stats) {
    others_.tell(&reporter::testGroupEnded,
                 Catch::TestGroupStats(stats.groupInfo, stats.totals - not_told_, stats.aborting));
}

#endif

} // namespace isolite::catch2
