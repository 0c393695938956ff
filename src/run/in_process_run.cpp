#include "run/in_process_run.hpp"

#include "error/warning.hpp"
#include "ledger/ledger.hpp"
#include "os/own_process.hpp"
#include "results/past_runs.hpp"
#include "results/run_records.hpp"
#include "text/utf8.hpp"
#include "worker/process_exit.hpp"

#include <isolite/error.hpp>
#include <isolite/worker.hpp>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <utility>

namespace isolite::run {

using results::case_result;
using results::outside_failure;
using results::test_case;
using results::verdict;

namespace {

/// The run of this process that was begun last, null when it is gone.
in_process_run* latest = nullptr;

} // namespace

in_process_run::in_process_run(results::wanted_reports wanted, bool remembers, commands_of commands)
    : wanted_(std::move(wanted)), remembers_(remembers), commands_(std::move(commands)),
      process_(os::own_number()) {
    outcome_.workers.push_back({});
    outcome_.workers.back().name = "main";
    latest = this;
    // Once for each run: what an earlier run registered for its end must not be called first.
    ::on_exit(hear_exit, nullptr);
    std::at_quick_exit(hear_quick_exit);
}

in_process_run::~in_process_run() {
    latest = latest == this ? nullptr : latest;
}

bool in_process_run::is_running_here() const noexcept {
    return !has_ended_ && process_ == os::own_number();
}

void in_process_run::hear_exit(int status, void* /*unused*/) {
    // Outside of any case, a framework that gave up returns from `main` with a status of its own.
    if (!latest || !latest->is_running_here() || (latest->running_.empty() && status != 0)) {
        return;
    }
    latest->tell_exit("exit with status " + std::to_string(status));
    if (status == 0) {
        workers::leave_process(EXIT_FAILURE);
    }
}

void in_process_run::hear_quick_exit() {
    if (latest && latest->is_running_here()) {
        latest->tell_exit("quick_exit");
        workers::leave_process(EXIT_FAILURE); // nobody tells the status
    }
}

void in_process_run::tell_exit(const std::string& how) {
    const std::string who = running_.empty() ? "a fixture" : text::printable(running_);
    const error problem{errc::usage, "finish the run: " + who + " called " + how,
                        "leave a test by return or by an exception; with --workers=1 an exit ends "
                        "only the worker of the case"};
    std::cout.flush();
    std::fflush(stdout);
    warnings::complain(problem.text());
    if (running_.empty()) {
        fail_outside({"", "", 0, "a fixture called " + how});
    } else {
        end(verdict::failed, "it called " + how);
    }
    static_cast<void>(conclude());
}

void in_process_run::begin(test_case begun) {
    if (begun_cases_ == 0) {
        records::ledger::of_process().make_ready(); // which no case is billed for
    }
    running_ = begun.name;
    case_begun_ = clock::now();
    records::ledger::of_process().begin_case(begun.name, begun_cases_++, case_begun_);
    cases_.push_back(std::move(begun));
    outcome_.results.emplace_back();
}

void in_process_run::end(verdict became, const std::string& why) {
    const auto end = clock::now();
    running_.clear();
    const auto fixtures = records::ledger::of_process().end_case({name_of(became), why, end});
    case_result& result = outcome_.results.back();
    result.verdict = became;
    result.attempts = 1;
    result.failures = became == verdict::failed ? 1 : 0;
    result.duration = end - case_begun_;
    result.fixtures = fixtures;
    result.why = why;
    outcome_.workers.back().cases += 1;
    outcome_.workers.back().tests += result.duration - fixtures;
}

void in_process_run::fail_outside(outside_failure failure) {
    results::record_trouble(failure);
    outcome_.failures_outside.push_back(std::move(failure));
}

int in_process_run::conclude() {
    has_ended_ = true;
    records::worker_account& self = outcome_.workers.back();
    outcome_.costs = records::ledger::of_process().account();
    outcome_.wall = self.life = records::ledger::of_process().life();
    self.fixtures = outcome_.costs.time_in_fixtures();
    const bool remembers = remembers_ || !wanted_.junit.empty() ||
                           results::has_something_to_tell(outcome_) ||
                           results::past_runs::have_failures();
    const std::string unreported = results::write_reports(outcome_, cases_, wanted_, remembers);
    if (const auto& self_known = worker::current()) {
        self.name = self_known->name;
    }
    results::say_summary(outcome_, cases_, wanted_, commands_(outcome_, cases_));
    return results::say_if_unreported(unreported) ? 0 : 1;
}

} // namespace isolite::run
