#include "adapters/doctest_workers.hpp"

#include "worker/forked_places.hpp"

#include <algorithm>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>

namespace isolite::doc_test {

namespace {

using doctest::detail::TestCase;

/// What the functions that stand in for the bodies of cases need; they take no arguments.
struct stand_in {
    doctest::detail::funcType body = nullptr; ///< in a worker: of the claimed case
    const std::map<const TestCase*, std::size_t>* positions = nullptr;
    const run::outcome* outcome = nullptr;
    std::size_t next = 0; ///< in the parent: the event with which the next pass begins

    static stand_in& of_process() {
        static stand_in instance;
        return instance;
    }
};

/// The handlers of signals that doctest replaces for each case.
class handlers_before {
  public:
    static handlers_before& of_process() {
        static handlers_before instance;
        return instance;
    }

    void restore() const {
        for (const auto& [signal, action] : actions_) {
            ::sigaction(signal, &action, nullptr);
        }
    }

  private:
    handlers_before() {
        for (const int signal : {SIGINT, SIGILL, SIGFPE, SIGSEGV, SIGTERM, SIGABRT}) {
            ::sigaction(signal, nullptr, &actions_[signal]);
        }
    }

    std::map<int, struct sigaction> actions_;
};

/// Runs the claimed case. A crash is to be a crash, which the parent names: doctest's handlers
/// would report it from inside of a signal, where nearly nothing may be called.
void run_claimed() {
    handlers_before::of_process().restore();
    stand_in::of_process().body();
}

/// Says the next pass through the case.
void say_case() {
    stand_in& self = stand_in::of_process();
    const TestCase* const test = doctest::getContextOptions()->currentTest;
    const run::case_result& result = self.outcome->results[self.positions->at(test)];
    if (self.next == 0 && result.verdict == run::verdict::failed) {
        run::show_output(full_name_of(*test), result.output);
    }
    say_pass(result.events, self.next);
    if (self.next >= result.events.size() && !result.death.empty()) {
        throw result.death;
    }
}

run::test_case described(const TestCase& test) {
    run::test_case made;
    made.name = full_name_of(test);
    made.suite = suite_of(test);
    made.file = test.m_file.c_str();
    made.line = test.m_line;
    const marks& marked = marks::made();
    const marks::place place{made.file, made.line};
    const auto add = [&made](const auto& resources, const auto& key) {
        if (const auto found = resources.find(key); found != resources.end()) {
            made.resources.insert(made.resources.end(), found->second.begin(), found->second.end());
        }
    };
    add(marked.resources_of_tests, place);
    add(marked.resources_of_suites, made.suite);
    made.serial =
        marked.serial_tests.count(place) > 0 || marked.serial_suites.count(made.suite) > 0;
    return made;
}

/// Returns why doctest calls a case failed in which no assertion has.
std::string reason_of(const doctest::CurrentTestCaseStats& stats) {
    using namespace doctest::TestCaseFailureReason; // its enumerators
    const int flags = stats.failure_flags;
    return (flags & Timeout) != 0                    ? "it took longer than its time limit"
           : (flags & ShouldHaveFailedButDidnt) != 0 ? "it should have failed but did not"
           : (flags & DidntFailExactlyNumTimes) != 0 ? "it did not fail as often as expected"
                                                     : "it failed";
}

} // namespace

marks& marks::made() {
    static marks instance; // decorators are made before `main`
    return instance;
}

result<void> workers::start(const run::options& options, const std::set<std::string>& together) {
    options_ = options;
    if (!options.forks()) {
        here_.emplace(options, !options.junit.empty());
        return {};
    }
    auto listed = listing_.list();
    if (!listed || is_lister()) {
        return std::move(listed).map([](const auto&) {});
    }
    cases_ = *std::move(listed);
    for (const test_case* const each : cases_) {
        described_.push_back(described(*each));
    }
    auto role = run::start(described_, options);
    if (!role) {
        return tl::unexpected(role.error());
    }
    if (auto* const worker = std::get_if<run::forked_worker>(&*role)) {
        become_worker(std::move(*worker), together);
    } else if (auto* const outcome = std::get_if<run::outcome>(&*role)) {
        become_parent(std::move(*outcome));
    } else {
        here_.emplace(options, true);
    }
    return {};
}

void workers::become_worker(run::forked_worker worker, const std::set<std::string>& together) {
    worker_ = std::move(worker);
    static_cast<void>(handlers_before::of_process()); // as they are before the first case
    // Cases of a suite that has a fixture move up to the first of them.
    std::vector<bool> placed(cases_.size());
    const auto place = [&](std::size_t position) {
        if (!placed[position]) {
            placed[position] = true;
            order_.push_back(position);
        }
    };
    for (const std::size_t position : worker_->order()) {
        place(position);
        const std::string suite = suite_of(*cases_[position]);
        if (together.count(suite) == 0) {
            continue;
        }
        for (const std::size_t other : worker_->order()) {
            if (suite_of(*cases_[other]) == suite) {
                place(other);
            }
        }
    }
    for (const test_case* const each : cases_) {
        originals_.emplace_back(*each);
    }
    // Also those that `--first` and `--last` left out, which count differently here.
    for (const test_case& each : doctest::detail::getRegisteredTests()) {
        writable(each).m_skip = true;
    }
    // doctest has fixed its order: so the cases change places.
    for (std::size_t i = 0; i < cases_.size(); ++i) {
        if (i < order_.size()) {
            *cases_[i] = originals_[order_[i]];
        }
        cases_[i]->m_test = run_claimed;
        cases_[i]->m_no_output = true; // the parent says it
        cases_[i]->m_skip = true;
    }
    doctest::ContextOptions& options = options_of_doctest();
    if (options.cout != &std::cout) {
        silence_doctest(); // the file of `--out` is the parent's
    }
    options.no_skip = false;
    options.first = 0;
    options.last = UINT_MAX;
    options.abort_after = 0;
    options.no_intro = true;
    options.no_version = true;
    claim_next(0);
}

/// Claims the next case, from a place in the order on, and lets doctest run it.
void workers::claim_next(std::size_t from) {
    for (std::size_t i = from; i < order_.size(); ++i) {
        if (worker_->claim(order_[i])) {
            current_ = i;
            cases_[i]->m_skip = false;
            stand_in::of_process().body = originals_[order_[i]].m_test;
            return;
        }
    }
}

void workers::become_parent(run::outcome outcome) {
    outcome_ = std::move(outcome);
    static std::map<const TestCase*, std::size_t> positions;
    for (std::size_t position = 0; position < cases_.size(); ++position) {
        positions[cases_[position]] = position;
        const run::verdict verdict = outcome_->results[position].verdict;
        cases_[position]->m_test = say_case;
        cases_[position]->m_skip =
            verdict != run::verdict::passed && verdict != run::verdict::failed;
    }
    const bool all_ran = std::none_of(cases_.begin(), cases_.end(),
                                      [](const test_case* each) { return each->m_skip; });
    doctest::ContextOptions& options = options_of_doctest();
    options.no_skip = options.no_skip && all_ran;
    // Or it says "SUCCESS!" of a run that did not come to its end.
    options.minimal = options.minimal || !outcome_->is_complete();
    stand_in::of_process().positions = &positions;
    stand_in::of_process().outcome = &*outcome_;
}

void workers::case_started() {
    stand_in::of_process().next = 0;
    if (worker_) {
        worker_->begin();
    } else if (here_) {
        here_->begin(described(*doctest::getContextOptions()->currentTest));
    }
}

void workers::case_skipped(const doctest::TestCaseData& test) {
    if (is_lister()) {
        listing_.note(test);
    }
}

/// Returns the event of the assertions that passed since the last one, if any did.
std::vector<run::event> workers::take_passed() {
    if (passed_ == 0) {
        return {};
    }
    return {{passed_event, {std::to_string(std::exchange(passed_, 0))}}};
}

void workers::asserted(const doctest::AssertData& assertion) {
    if (!worker_ && !here_) {
        return;
    }
    const bool is_warning = (assertion.m_at & doctest::assertType::is_warn) != 0;
    if (!assertion.m_failed && !doctest::getContextOptions()->success) {
        passed_ += is_warning ? 0 : 1; // there may be millions; doctest does not count warnings
        return;
    }
    if (assertion.m_failed && !is_warning) {
        explain(explanation_of(assertion));
    }
    add(event_of(assertion));
}

void workers::said(const doctest::MessageData& message) {
    if ((worker_ || here_) && (message.m_severity & doctest::assertType::is_warn) == 0) {
        explain(std::string(message.m_file) + "(" + std::to_string(message.m_line) +
                "): " + message.m_string.c_str());
    }
    add(event_of(message));
}

void workers::threw(const doctest::TestCaseException& exception) {
    if (worker_ || here_) {
        explain(exception.error_string.c_str());
    }
    add(event_of(exception));
}

void workers::add(const run::event& event) {
    if (worker_) {
        for (run::event& passed : take_passed()) {
            worker_->record(std::move(passed));
        }
        worker_->record(event);
    }
}

void workers::explain(const std::string& text) {
    explanation_ += (explanation_.empty() ? "" : "\n") + text;
}

void workers::case_ended(const doctest::CurrentTestCaseStats& stats) {
    std::string why = std::exchange(explanation_, {});
    if (!stats.testCaseSuccess && why.empty()) {
        why = reason_of(stats);
    } else if (stats.testCaseSuccess) {
        why.clear();
    }
    const auto became = stats.testCaseSuccess ? run::verdict::passed : run::verdict::failed;
    if (worker_) {
        std::vector<run::event> last = take_passed();
        last.push_back(event_of(stats));
        worker_->finish(became, why, std::move(last));
        cases_[current_]->m_skip = true;
        claim_next(current_ + 1);
    } else if (here_) {
        here_->end(became, why);
    } else if (outcome_) {
        // doctest has timed the saying, not the test; what follows from the time follows too.
        const stand_in& self = stand_in::of_process();
        const auto position = self.positions->at(doctest::getContextOptions()->currentTest);
        const run::case_result& result = outcome_->results[position];
        const auto& events = result.events;
        auto& said = const_cast<doctest::CurrentTestCaseStats&>(stats);
        const bool counted_as_failed = !said.testCaseSuccess;
        if (!events.empty() && events.back().kind == end_event) {
            set_stats(said, events.back());
        } else { // its worker died in it
            said.seconds = std::chrono::duration<double>(result.duration).count();
            said.failure_flags |= doctest::TestCaseFailureReason::Crash;
        }
        said.testCaseSuccess = said.testCaseSuccess && result.death.empty();
        failures_unheard_ += (said.testCaseSuccess ? 0 : 1) - (counted_as_failed ? 1 : 0);
    }
}

void workers::suite_failed(const run::outside_failure& failure) {
    worker_->record_outside(event_of(failure));
}

void workers::failed_outside(const run::outside_failure& failure) {
    if (here_) {
        here_->fail_outside(failure);
    } else if (outcome_) {
        outcome_->failures_outside.push_back(failure);
    }
}

void workers::heard_failure(const std::string& message) {
    if (worker_) {
        worker_->record_outside({suite_heard_event, {message}});
    }
}

std::vector<run::outside_failure> workers::failed_suites() const {
    return failures_of_suites(*outcome_);
}

void workers::run_ended(doctest::TestRunStats& stats) {
    if (is_lister()) {
        listing_.end();
    }
    if (worker_) {
        worker_->end();
    }
    if (outcome_) {
        stats.numTestCasesFailed += static_cast<unsigned>(failures_unheard_);
        conclude_at_exit([] {
            const workers& ended = workers::of_process();
            return run::conclude(*ended.outcome_, ended.described_, ended.options_);
        });
    }
    if (here_) {
        conclude_at_exit([] {
            workers& ended = workers::of_process();
            return ended.here_->conclude();
        });
    }
}

/// Exit statuses above it say by which signal a run was stopped.
constexpr int of_signals = 128;

/// doctest's own summary comes first, and its exit status cannot be changed from a listener.
void workers::conclude_at_exit(int (*conclude)()) {
    ::on_exit(
        [](int status, void* what) {
            const int wanted = reinterpret_cast<int (*)()>(what)();
            if (wanted != 0 && (status == 0 || wanted > of_signals)) {
                std::fflush(nullptr);
                detail::give_up_places();
                std::_Exit(wanted);
            }
        },
        reinterpret_cast<void*>(conclude));
}

workers& workers::of_process() {
    static auto* const instance = new workers; // it has something to say at the exit
    return *instance;
}

} // namespace isolite::doc_test
