#include "run/parallel_run.hpp"

#include "ledger/ledger.hpp"
#include "results/past_runs.hpp"
#include "results/reports.hpp"
#include "results/run_records.hpp"
#include "run/cores.hpp"
#include "run/preparation.hpp"
#include "run/retries.hpp"
#include "run/schedule.hpp"
#include "run/supervisor.hpp"
#include "worker/forked_places.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace isolite::run {

using results::case_result;
using results::outcome;
using results::past_runs;
using results::record_results;
using results::test_case;
using results::verdict;

namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

/// What further workers must save at least, by the durations of earlier runs: they cost about this
/// much.
constexpr milliseconds worth_forking(20);

std::vector<std::size_t> chosen_cases(const std::vector<test_case>& cases, const past_runs& past,
                                      bool only_failed) {
    std::vector<std::size_t> chosen;
    for (std::size_t position = 0; position < cases.size(); ++position) {
        if (!only_failed || !past.passed(position)) {
            chosen.push_back(position);
        }
    }
    return chosen;
}

/// Returns the number of workers for `auto`: as many as pay off, but one at least, since a case
/// that crashes or hangs is to fail alone, however short the suite.
unsigned worthwhile_workers(const std::vector<std::size_t>& chosen,
                            const std::vector<nanoseconds>& expected) {
    const auto most = static_cast<unsigned>(std::min<std::size_t>(usable_cores(), chosen.size()));
    if (most < 2) {
        return most;
    }
    nanoseconds total{0};
    for (const std::size_t position : chosen) {
        if (expected[position].count() == 0) {
            return most; // nothing is known about it: it may take long
        }
        total += expected[position];
    }
    return total - total / most < worth_forking ? 1 : most;
}

/// Runs the cases as often as the options say. Returns in a worker with what it needs.
std::optional<forked_worker> run_rounds(supervisor& parent, const std::vector<test_case>& cases,
                                        const schedule& schedule, std::size_t workers,
                                        const options& options) {
    const auto round = [&](const std::vector<std::size_t>& beside_others,
                           const std::vector<std::size_t>& alone, const supervisor::round& which) {
        auto worker = parent.run(beside_others, workers, which);
        return worker || parent.stopped() ? std::move(worker) : parent.run(alone, 1, which);
    };
    const auto numbered = [](const char* what, unsigned number, unsigned all) {
        return what + (" " + std::to_string(number)) + " of " + std::to_string(all);
    };
    std::optional<forked_worker> worker;
    for (unsigned i = 0; i < options.repeat && !worker && !parent.stopped(); ++i) {
        worker = round(schedule.beside_others, schedule.alone,
                       {false, options.repeat > 1 ? numbered("run", i + 1, options.repeat) : ""});
    }
    retries retries(cases, options.retries);
    for (unsigned i = 1; !worker && !parent.stopped() && retries.choose(parent.results()); ++i) {
        worker = round(retries.chosen_of(schedule.beside_others), retries.chosen_of(schedule.alone),
                       {true, numbered("retry", i, options.retries)});
    }
    return worker;
}

/// Says of the cases that were not to run that they were left out.
void leave_out_all_but(const schedule& schedule, outcome& ended) {
    std::vector<bool> is_chosen(ended.results.size());
    for (const std::size_t position : schedule.beside_others) {
        is_chosen[position] = true;
    }
    for (const std::size_t position : schedule.alone) {
        is_chosen[position] = true;
    }
    for (std::size_t position = 0; position < is_chosen.size(); ++position) {
        if (!is_chosen[position]) {
            ended.results[position].verdict = verdict::left_out;
        }
    }
}

result<role> run_in_workers(const std::vector<test_case>& cases, const options& options,
                            const past_runs& past, const schedule& schedule, unsigned workers,
                            const std::function<void()>& before_forking) {
    const unsigned limit = options.workers ? std::numeric_limits<unsigned>::max() : usable_cores();
    auto places = workers::places_for_forks(workers, limit);
    if (!places) {
        return tl::unexpected(places.error());
    }
    auto files = files_for(cases, places->size(), schedule, options);
    if (!files) {
        return tl::unexpected(files.error());
    }
    records::ledger::of_process().become_parent();
    before_forking();
    const auto start = std::chrono::steady_clock::now();
    const bool has_databases = prepare_engines() > 0;
    const nanoseconds taken = std::chrono::steady_clock::now() - start;
    warn_of_threads();
    const std::size_t count = places->size();
    supervisor parent(cases, *std::move(files), *std::move(places), past.durations);
    if (auto worker = run_rounds(parent, cases, schedule, count, options)) {
        return *std::move(worker);
    }
    outcome ended = parent.finish();
    ended.left_out_by = options.order.empty() ? ended.left_out_by : "--in-order";
    leave_out_all_but(schedule, ended);
    ended.preparing = has_databases ? taken : nanoseconds(0);
    ended.seed = options.shuffle;
    ended.fails_flaky = options.fails_flaky;
    record_results(cases, ended);
    ended.unreported = results::write_reports(ended, cases, options.reports);
    return ended;
}

/// Runs the cases that somebody has named, in that order: by one worker if nothing else is asked.
result<role> run_by_name(const std::vector<test_case>& cases, const options& options,
                         const past_runs& past, const std::function<void()>& before_forking) {
    auto chosen = positions_of(cases, options.order);
    if (!chosen) {
        return tl::unexpected(chosen.error());
    }
    const unsigned workers = std::max(options.workers.value_or(1), 1U);
    const std::set<std::string> names(options.order.begin(), options.order.end());
    if (workers > 1 && names.size() < options.order.size()) {
        return tl::unexpected(error{errc::usage,
                                    "run cases in an order by " + std::to_string(workers) +
                                        " workers: a case is named twice, and one worker is to run "
                                        "it both times",
                                    "leave out --workers, or give --repeat=2, which runs all of "
                                    "them once more, in new processes"});
    }
    schedule schedule =
        schedule_of(cases, *chosen, std::vector<nanoseconds>(cases.size()), std::nullopt);
    if (workers == 1) { // serial cases are not the last
        schedule.beside_others = *chosen;
        schedule.alone.clear();
    }
    return run_in_workers(cases, options, past, schedule, workers, before_forking);
}

} // namespace

result<role> start(const std::vector<test_case>& cases, const options& options,
                   const background& background) {
    const past_runs past = past_runs::of(cases, background.history);
    const auto chosen = chosen_cases(cases, past, options.only_failed);
    const unsigned workers =
        options.workers ? *options.workers : worthwhile_workers(chosen, past.durations);
    if (workers == 0 && !options.needs_workers()) {
        return role(in_this_process());
    }
    if (auto safe = check_that_forking_is_safe(); !safe) {
        return tl::unexpected(safe.error());
    }
    if (!options.order.empty()) {
        return run_by_name(cases, options, past, background.before_forking);
    }
    const schedule schedule = schedule_of(cases, chosen, past.durations, options.shuffle);
    return run_in_workers(cases, options, past, schedule, std::max(workers, 1U),
                          background.before_forking);
}

} // namespace isolite::run
