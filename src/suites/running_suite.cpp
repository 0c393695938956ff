#include "suites/running_suite.hpp"

#include "error/warning.hpp"
#include "files/claim_uses.hpp"
#include "ledger/ledger.hpp"
#include "os/early_stop.hpp"
#include "results/reports.hpp"
#include "results/run_records.hpp"
#include "suites/page_of_run.hpp"
#include "suites/shared_warnings.hpp"
#include "suites/told_outside.hpp"
#include "suites/unverified.hpp"
#include "text/shell_words.hpp"
#include "text/utf8.hpp"
#include "verify/verification_run.hpp"
#include "worker/process_exit.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <variant>

namespace isolite::suites {

namespace {

/// Returns the words of a command line that keep cases from running, of the framework's and ours.
std::string filters_of(const adapter& adapter, const run::options& options) {
    std::vector<std::string> words = adapter.filters();
    if (options.only_failed) {
        words.emplace_back("--failed");
    }
    return text::shell_command(words);
}

} // namespace

result<void> running_suite::prepare() {
    return unless_to_be_verified(prepare_run());
}

result<void> running_suite::start() {
    return unless_to_be_verified(start_run());
}

result<void> running_suite::prepare_run() {
    auto started = suite_process::start();
    if (!started) {
        return tl::unexpected(started.error());
    }
    process_ = *started;
    if (process_->options().forks()) {
        os::tell_early_stop();
    }
    auto history = read_history();
    if (!history) {
        return tl::unexpected(history.error());
    }
    history_ = *std::move(history);
    const shard own = process_->shard();
    if (own.total > 1 || adapter_.is_cut_by_framework()) {
        auto cut = cut_into_shards(adapter_.all_cases(own), own.total, history_);
        cut.filters = filters_of(adapter_, process_->options());
        adapter_.leave_out_others(cut.cases_in(own.index));
        if (own.total > 1) {
            process_->tell_shard(cut);
            cut_ = std::move(cut);
        }
    }
    return {};
}

/// A cut that is not the one that was meant is no matter of a warning.
result<results::shared_history> running_suite::read_history() const {
    const run::options& options = process_->options();
    const bool matters = process_->shard().total > 1 || !options.history.empty();
    if (!matters && !options.forks()) {
        return {};
    }
    auto history = results::shared_history_in(options.history);
    if (!history && !matters) {
        warnings::warn_once(history.error());
        return {};
    }
    return history;
}

result<void> running_suite::start_run() {
    if (!process_) {
        if (auto prepared = prepare_run(); !prepared) {
            return prepared;
        }
    }
    const run::options& options = process_->options();
    if (auto claimed = sandbox::claim_files(options.files, true); !claimed) {
        return claimed;
    }
    results::remove_earlier_reports(options.reports);
    if (!options.forks()) {
        run_here(cut_.has_value()); // which the next cut wants to know
        return {};
    }
    auto listed = adapter_.list();
    if (!listed) {
        return tl::unexpected(listed.error());
    }
    if (!*listed) {
        return {};
    }
    cases_ = **std::move(listed);
    share_warnings();
    if (options.verifies) {
        return verify();
    }
    auto role = run::start(cases_, options, {history_, [this] { record_cut(); }});
    return role.map([this](run::role& became) { become(became); });
}

void running_suite::become(run::role& role) {
    if (auto* const worker = std::get_if<run::forked_worker>(&role)) {
        become(std::move(*worker));
    } else if (auto* const outcome = std::get_if<results::outcome>(&role)) {
        outcome_ = std::move(*outcome);
        auto [failures, warned] = take_told(*outcome_);
        outcome_->failures_outside = std::move(failures);
        repeat_warnings(warned, *outcome_);
        adapter_.become_parent(*outcome_);
    } else {
        run_here(true);
    }
}

void running_suite::become(run::forked_worker worker) {
    worker_ = std::move(worker);
    keep_shared_warnings();
    adapter_.become_worker(*worker_);
}

/// Ends the parent: the framework is to say nothing of cases that ran many times.
result<void> running_suite::verify() {
    auto role = verify::verify(cases_, process_->options(),
                               [this](const auto& options) { return command_with(options); });
    if (!role) {
        return tl::unexpected(role.error());
    }
    if (const auto* const found = std::get_if<verify::verified>(&*role)) {
        const bool is_written = write_wanted_page(*found, cases_, process_->options().reports);
        workers::leave_process(is_written || found->status != 0 ? found->status
                                                                : verify::nothing_verified);
    }
    watch_.emplace();
    become(std::get<run::forked_worker>(*std::move(role)));
    return {};
}

std::string running_suite::command_with(const std::vector<std::string>& options) const {
    return command_of_program(adapter_.filters(), options, adapter_.takes_options_behind_dashes());
}

void running_suite::run_here(bool remembers) {
    os::leave_early_stop();
    sandbox::tell_changes(process_->options().changes);
    here_.emplace(
        process_->options().reports, remembers,
        [this](const auto& run, const auto& cases) { return commands_after(run, cases); });
    if (!process_->options().reports.page.empty()) {
        records::ledger::of_process().make_ready(); // although there may be no case
    }
    record_cut();
}

void running_suite::record_cut() const {
    if (cut_) {
        process_->record_shard(*cut_);
    }
}

void running_suite::explain(const std::string& text) {
    if (wants_explanations()) {
        explanation_ += (explanation_.empty() ? "" : "\n") + text;
    }
}

void running_suite::enter_suite(const std::string& name) {
    if (worker_ || here_) {
        files_of_suites_.begin(name);
    }
}

void running_suite::leave_suite() {
    for (const std::string& why : files_of_suites_.end()) {
        tell_outside({"", "", 0, why});
    }
}

void running_suite::begin_files(results::test_case about) {
    case_of_files_ = std::move(about);
    has_told_files_ = false;
    files_.begin(case_of_files_.name);
}

std::string running_suite::end_pass(bool has_failed) {
    if (!sandbox::files_were_claimed()) {
        return {};
    }
    if (has_failed) {
        say_evidence();
    }
    std::string found = end_files();
    has_told_files_ = has_told_files_ || !found.empty();
    return found;
}

void running_suite::begin_again(bool has_failed) {
    if (has_failed) {
        say_evidence();
    }
    files_.begin_again();
}

// Frameworks have done with the case, but its output is still heard.
void running_suite::say_evidence() {
    if (const std::string kept = files_.keep_evidence(); !kept.empty()) {
        std::fprintf(stderr, "%s\n", kept.c_str());
    }
}

std::string running_suite::end_files() {
    std::string all;
    for (const std::string& why : files_.end()) {
        all += (all.empty() ? "" : "\n") + why;
    }
    return all;
}

void running_suite::fail_unforgiven(const results::test_case& about, const std::string& why) {
    if (worker_) {
        unforgiven_ += (unforgiven_.empty() ? "" : "\n") + why;
    } else {
        tell_outside({about.suite, about.file, about.line, why});
    }
}

// No framework tells of it, nor fails the process for it.
void running_suite::tell_outside(const results::outside_failure& failure) {
    fail_outside(failure);
    if (here_) {
        warnings::complain(failure.why);
        fails_process_ = true;
    }
}

void running_suite::end(results::verdict became, const std::string& otherwise,
                        const std::vector<results::event>& last) {
    if (sandbox::files_were_claimed()) {
        if (became == results::verdict::failed) {
            say_evidence();
        }
        // Told once: a thread that goes on is found again.
        if (const std::string found = end_files(); !found.empty() && !has_told_files_) {
            fail_unforgiven(case_of_files_, found);
        }
    }
    std::string why = std::exchange(explanation_, {});
    if (became == results::verdict::passed) {
        why.clear();
    } else if (why.empty()) {
        why = otherwise;
    }
    if (worker_) {
        tell_warnings();
        worker_->finish(became, why, watch_ ? with_traces(last) : last,
                        std::exchange(unforgiven_, {}));
    } else if (here_) {
        here_->end(became, why);
    }
}

/// What the case has left is told with its end.
std::vector<results::event> running_suite::with_traces(std::vector<results::event> last) {
    const std::vector<results::event> told = watch_->events_of_end(worker_->running_case());
    last.insert(last.end(), told.begin(), told.end());
    return last;
}

void running_suite::skip(const results::test_case& skipped, const std::string& why) {
    here_->begin(skipped);
    here_->end(results::verdict::skipped, why);
}

void running_suite::fail_outside(const results::outside_failure& failure) {
    if (here_) {
        here_->fail_outside(failure);
    } else if (worker_) {
        worker_->record_outside(results::event::of(failed_event, failure));
    }
}

void running_suite::hear(const std::string& failure) {
    if (worker_) {
        worker_->record_outside({heard_event, failure});
    }
}

void running_suite::tell_warnings() {
    for (const std::string& each : warnings::take_kept_warnings()) {
        worker_->record_outside({warned_event, each});
    }
}

void running_suite::finish() {
    if (worker_) {
        tell_warnings();
        worker_->end();
    }
    if (outcome_) {
        results::record_failures_outside(*outcome_);
        again_ = select_failed(adapter_, *outcome_, cases_);
        record_debug_commands(adapter_, *outcome_, cases_);
    } else if (here_) {
        again_ = select_failed(adapter_, here_->so_far(), here_->cases());
        record_debug_commands(adapter_, here_->so_far(), here_->cases());
    }
    ran_whole_program_ = (outcome_ || here_) && sandbox::files_were_claimed() && ran_all_cases();
    if (process_) {
        process_->finish(outcome_ ? cases_.size() : 0);
    }
}

/// A case that ends the process does so before the run has ended.
results::next_commands running_suite::commands_after(const results::outcome& run,
                                                     const std::vector<results::test_case>& cases) {
    if (!again_) {
        again_ = select_failed(adapter_, run, cases);
    }
    return commands_for(*again_,
                        {process_->options(), run.is_remembered, process_->shard().total > 1});
}

/// Says whether each case of the program has run to its end: none was left out by a filter, a
/// shard, an option or the program.
bool running_suite::ran_all_cases() {
    const std::vector<results::case_result>& all =
        outcome_ ? outcome_->results : here_->so_far().results;
    const auto ended = [](const results::case_result& each) {
        using results::verdict;
        return each.death.empty() &&
               (each.verdict == verdict::passed || each.verdict == verdict::failed);
    };
    return !all.empty() && std::all_of(all.begin(), all.end(), ended) &&
           process_->shard().total == 1 &&
           adapter_.all_cases(process_->shard()).size() == all.size();
}

int running_suite::conclude() {
    if (!outcome_ && !here_) {
        return fails_process_ ? EXIT_FAILURE : 0;
    }
    if (ran_whole_program_) {
        paths::warn_of_unused_claims();
    }
    int status = fails_process_ ? EXIT_FAILURE : 0;
    if (outcome_) {
        outcome_->wall = records::ledger::of_process().life();
        status = results::conclude(*outcome_, cases_, process_->options().reports,
                                   commands_after(*outcome_, cases_));
    } else {
        status = std::max(status, here_->conclude());
    }
    return std::max<int>(status, write_wanted_page(process_->options().reports) ? 0 : EXIT_FAILURE);
}

void apply(const case_marks& marks, results::test_case& to) {
    to.resources.insert(to.resources.end(), marks.resources.begin(), marks.resources.end());
    to.serial = to.serial || marks.serial;
    to.timeout = to.timeout.count() > 0 ? to.timeout : marks.timeout;
}

void say_failure(const std::string& name, const std::string& why) {
    std::string text = text::printable(name) + " failed:\n" + why;
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; ++at) {
        text.insert(at + 1, "  ");
    }
    warnings::complain(text);
}

void say_result(const std::string& name, const results::case_result& result) {
    if (result.verdict == results::verdict::failed && !result.is_told) {
        say_failure(name, result.why);
        results::show_output(name, result);
    }
}

} // namespace isolite::suites
