#include "adapters/doctest_run.hpp"

#include "adapters/doctest_selection.hpp"

#include <climits>
#include <iostream>
#include <utility>
#include <vector>

namespace isolite::doc_test {

using doctest::detail::TestCase;

namespace {

/// Keeps in mind the stack that doctest allocates for handlers of signals, which it forgets when it
/// runs again: or who looks for leaks at the end would find it lost. Requires: a case runs.
void keep_stack_known() {
    static auto* const stacks = new std::vector<void*>;
    stack_t present{};
    if (::sigaltstack(nullptr, &present) == 0) {
        stacks->push_back(present.ss_sp);
    }
}

} // namespace

void doctest_run::become_worker(run::forked_worker& /*worker*/) {
    for (const int signal : {SIGINT, SIGILL, SIGFPE, SIGSEGV, SIGTERM, SIGABRT}) {
        ::sigaction(signal, nullptr, &handlers_[signal]);
    }
    originals_.reserve(cases_.size());
    for (const TestCase* const each : cases_) {
        originals_.emplace_back(*each);
    }
    place_cases();
    silence_all_but(listener_);
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
    claim_next(0, meanwhile::fixtures);
}

/// Puts the cases of the pass into doctest's places, which it goes over in its own order.
void doctest_run::place_cases() {
    order_ = suites::keep_together(suite_.worker()->order(), [this](std::size_t position) {
        const std::string suite = suite_of(originals_[position]);
        return suites::suite_fixtures::registered().count(suite) > 0 ? suite : "";
    });
    // Also those that `--first` and `--last` left out, which count differently here.
    for (const TestCase& each : doctest::detail::getRegisteredTests()) {
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
    is_new_pass_ = true;
}

/// Lets doctest run once more, over as many places as there are cases, in an order that does not
/// depend on what is in them. Nobody comes back: the worker ends with its last pass.
void doctest_run::run_again() {
    before_next_pass_ = options_of_doctest();
    std::vector<std::string> words = subcases_in(os::this_process().arguments);
    words.insert(words.begin(), before_next_pass_->binary_name.c_str());
    std::vector<const char*> arguments;
    for (const std::string& each : words) {
        arguments.push_back(each.c_str());
    }
    doctest::Context again(static_cast<int>(arguments.size()), arguments.data());
    again.setOption("order-by", "none");
    again.run();
}

/// Takes up the run that doctest has begun: its options are those of the first one.
void doctest_run::begin_next_pass(const doctest::IReporter& listener) {
    std::ostream* const present = options_of_doctest().cout;
    options_of_doctest() = *before_next_pass_;
    options_of_doctest().cout = present;
    silence_all_but(listener);
    cases_.clear();
    for (const TestCase& each : doctest::detail::getRegisteredTests()) {
        cases_.push_back(&writable(each));
    }
    place_cases();
    claim_next(0, meanwhile::fixtures);
}

/// Claims the next case, from a place in the order on, and lets doctest run it.
void doctest_run::claim_next(std::size_t from, meanwhile ran) {
    for (std::size_t i = from; i < order_.size(); ++i) {
        if (suite_.worker()->claim(order_[i], ran)) {
            current_ = i;
            cases_[i]->m_skip = false;
            return;
        }
    }
}

/// Runs the claimed case. A crash is to be a crash, which the parent names: doctest's handlers
/// would report it from inside of a signal, where nearly nothing may be called.
void doctest_run::run_claimed() {
    doctest_run& self = *current();
    if (std::exchange(self.is_new_pass_, false)) {
        keep_stack_known();
    }
    for (const auto& [signal, action] : self.handlers_) {
        ::sigaction(signal, &action, nullptr);
    }
    self.originals_[self.order_[self.current_]].m_test();
}

} // namespace isolite::doc_test
