#include "adapters/doctest_workers.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <iterator>
#include <streambuf>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

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

/// Runs the claimed case. A crash is to be a crash, which the parent names: doctest's handlers
/// would report it from inside of a signal, where nearly nothing may be called.
void run_claimed() {
    for (const int signal : {SIGINT, SIGILL, SIGFPE, SIGSEGV, SIGTERM, SIGABRT}) {
        ::signal(signal, SIG_DFL);
    }
    stand_in::of_process().body();
}

/// Lets what doctest's own reporters write go nowhere.
void silence_doctest() {
    static struct final_buffer : std::streambuf {
        int_type overflow(int_type character) override { return traits_type::not_eof(character); }
    } swallowing;
    doctest::getContextOptions()->cout->rdbuf(&swallowing);
}

void show_output(const std::string& name, const std::string& output) {
    if (output.empty()) {
        return;
    }
    std::cout.flush();
    std::fflush(stdout);
    std::fprintf(stderr, "isolite: output of %s:\n", name.c_str());
    std::fwrite(output.data(), 1, output.size(), stderr);
    if (output.back() != '\n') {
        std::fputc('\n', stderr);
    }
}

/// Says the next pass through the case.
void say_case() {
    stand_in& self = stand_in::of_process();
    const TestCase* const test = doctest::getContextOptions()->currentTest;
    const run::case_result& result = self.outcome->results[self.positions->at(test)];
    if (self.next == 0 && result.verdict == run::verdict::failed) {
        show_output(full_name_of(*test), result.output);
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

error cannot_list(const std::string& reason) {
    return {errc::system, "start workers: listing the test cases failed: " + reason,
            "please report it, and give --workers=0 meanwhile"};
}

} // namespace

marks& marks::made() {
    static marks instance; // decorators are made before `main`
    return instance;
}

result<void> workers::start(const run::options& options, const std::set<std::string>& together) {
    options_ = options;
    if (!options.forks()) {
        if (!options.junit.empty()) {
            here_.emplace();
        }
        return {};
    }
    if (auto listed = list_cases(); !listed || is_lister()) {
        return listed;
    }
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
        here_.emplace();
    }
    return {};
}

/// Lets doctest itself say which cases it would run, and in which order: in two children, since it
/// tells of what it skips only.
result<void> workers::list_cases() {
    auto all = listed_by_doctest(list::in_order);
    if (!all || is_lister()) {
        return std::move(all).map([](const auto&) {});
    }
    const auto others = listed_by_doctest(list::not_chosen);
    if (!others || is_lister()) {
        return others.map([](const auto&) {});
    }
    const std::set<test_case*> left_out(others->begin(), others->end());
    std::copy_if(all->begin(), all->end(), std::back_inserter(cases_),
                 [&](test_case* each) { return left_out.count(each) == 0; });
    return {};
}

result<std::vector<doctest::detail::TestCase*>> workers::listed_by_doctest(list wanted) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
        return tl::unexpected(cannot_list("there is no pipe"));
    }
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(pipe[0]);
        become_lister(wanted, pipe[1]);
        return {};
    }
    ::close(pipe[1]);
    std::string bytes;
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::read(pipe[0], part.data(), part.size())) > 0;) {
        bytes.append(part.data(), static_cast<std::size_t>(got));
    }
    ::close(pipe[0]);
    if (child < 0) {
        return tl::unexpected(cannot_list("there is no other process"));
    }
    ::waitpid(child, nullptr, 0); // where SIGCHLD is ignored, nobody can tell how it ended
    // The child has its cases where we have ours.
    std::vector<const doctest::TestCaseData*> listed(bytes.size() / sizeof(void*));
    std::memcpy(listed.data(), bytes.data(), listed.size() * sizeof(void*));
    if (listed.empty() || listed.back() != nullptr) {
        return tl::unexpected(cannot_list("the process that does it died"));
    }
    listed.pop_back();
    std::vector<test_case*> cases;
    for (const doctest::TestCaseData* const each : listed) {
        cases.push_back(&writable(*static_cast<const test_case*>(each)));
    }
    return cases;
}

void workers::become_lister(list wanted, int to) {
    list_to_ = to;
    if (const int nowhere = ::open("/dev/null", O_WRONLY); nowhere >= 0) {
        ::dup2(nowhere, STDOUT_FILENO);
        ::dup2(nowhere, STDERR_FILENO);
    }
    silence_doctest();
    doctest::ContextOptions& options = options_of_doctest();
    if (wanted == list::not_chosen) {
        options.list_test_cases = true; // passes by what it would run
        return;
    }
    options.no_skip = false;
    for (const test_case& each : doctest::detail::getRegisteredTests()) {
        writable(each).m_skip = true;
    }
}

void workers::become_worker(run::forked_worker worker, const std::set<std::string>& together) {
    worker_ = std::move(worker);
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
    if (!all_ran) {
        options_of_doctest().no_skip = false;
    }
    stand_in::of_process().positions = &positions;
    stand_in::of_process().outcome = &*outcome_;
}

void workers::case_started() {
    stand_in::of_process().next = 0;
    if (here_) {
        here_->begin(described(*doctest::getContextOptions()->currentTest));
    }
}

void workers::case_skipped(const doctest::TestCaseData& test) {
    if (is_lister()) {
        listed_.push_back(&test);
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
        const auto& events = outcome_->results[position].events;
        auto& said = const_cast<doctest::CurrentTestCaseStats&>(stats);
        const bool counted_as_failed = !said.testCaseSuccess;
        if (!events.empty() && events.back().kind == end_event) {
            set_stats(said, events.back());
        } else { // its worker died in it
            said.seconds =
                std::chrono::duration<double>(outcome_->results[position].duration).count();
            said.failure_flags |= doctest::TestCaseFailureReason::Crash;
            said.testCaseSuccess = false;
        }
        failures_unheard_ += (said.testCaseSuccess ? 0 : 1) - (counted_as_failed ? 1 : 0);
    }
}

void workers::suite_failed(const std::string& file, int line, const std::string& message) {
    worker_->record_outside({suite_failure_event, {file, std::to_string(line), message}});
}

/// Says whether a case failed with the set-up of its suite, maybe in another worker: in one process
/// that is all that is said of it.
bool workers::was_heard(const run::event& suite_failure) const {
    const std::string& message = suite_failure.fields[2];
    const std::string why = message.substr(std::min(message.find("': "), message.size()));
    const auto names_it = [&why](const run::event& event) {
        return event.kind == exception_event &&
               event.fields[0].find("' failed" + why.substr(1)) != std::string::npos;
    };
    return !why.empty() &&
           std::any_of(outcome_->results.begin(), outcome_->results.end(),
                       [&](const run::case_result& result) {
                           return std::any_of(result.events.begin(), result.events.end(), names_it);
                       });
}

std::vector<run::event> workers::failed_suites() const {
    std::vector<run::event> different;
    for (const auto& process : outcome_->outside) {
        for (const run::event& event : process) {
            if (!was_heard(event) &&
                std::none_of(different.begin(), different.end(), [&](const run::event& known) {
                    return known.fields == event.fields;
                })) {
                different.push_back(event);
            }
        }
    }
    return different;
}

void workers::run_ended(doctest::TestRunStats& stats) {
    if (is_lister()) {
        listed_.push_back(nullptr); // the end, for who reads it
        const std::size_t size = listed_.size() * sizeof listed_[0];
        const auto* bytes = reinterpret_cast<const char*>(listed_.data());
        for (std::size_t done = 0; done < size;) {
            const ssize_t written = ::write(list_to_, bytes + done, size - done);
            if (written <= 0) {
                ::_exit(EXIT_FAILURE);
            }
            done += static_cast<std::size_t>(written);
        }
        ::_exit(EXIT_SUCCESS);
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
            return ended.here_->conclude(ended.options_);
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
