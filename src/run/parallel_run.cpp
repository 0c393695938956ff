#include "run/parallel_run.hpp"

#include "error/warning.hpp"
#include "ledger/ledger.hpp"
#include "results/past_runs.hpp"
#include "results/reports.hpp"
#include "results/run_records.hpp"
#include "run/cores.hpp"
#include "run/retries.hpp"
#include "run/schedule.hpp"
#include "run/supervisor.hpp"
#include "sandbox/worker_engines.hpp"
#include "worker/forked_places.hpp"
#include "worker/process_exit.hpp"

#include <algorithm>
#include <boost/interprocess/exceptions.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#if defined(__SANITIZE_THREAD__)
#    define ISOLITE_UNDER_TSAN
#elif defined(__has_feature)
#    if __has_feature(thread_sanitizer)
#        define ISOLITE_UNDER_TSAN
#    endif
#endif

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

/// Returns how long a worker may take to end: as long as a case, but a leak checker takes a while.
milliseconds limit_of_exit(milliseconds of_case) {
    return of_case.count() == 0 ? milliseconds(60000) : std::max(of_case, milliseconds(10000));
}

/// Gets the images of all databases. A seed that ends this process must not look like a run in
/// which all is well. Returns how many databases there are.
std::size_t prepare_engines() {
    static bool preparing = false;
    preparing = true;
    ::on_exit(
        [](int /*status*/, void* /*unused*/) {
            if (preparing) {
                std::fputs("isolite: cannot start workers: a seed called exit\n"
                           "  hint: throw an exception instead, which fails the tests that need "
                           "the database\n",
                           stderr);
                workers::leave_process(EXIT_FAILURE);
            }
        },
        nullptr);
    const std::size_t databases = sandbox::prepare_worker_engines();
    preparing = false;
    return databases;
}

/// Threads are not copied by a fork, but what they have locked is.
void warn_of_threads() {
#ifndef ISOLITE_UNDER_TSAN // which has one of its own
    std::error_code failure;
    const std::filesystem::directory_iterator tasks("/proc/self/task", failure);
    const auto threads = failure ? 1 : std::distance(begin(tasks), end(tasks));
    if (threads > 1) {
        warnings::warn_once(
            {errc::usage,
             "start workers safely: the program has " + std::to_string(threads) +
                 " threads, and a worker gets a copy of only one of them, but of all locks",
             "start threads in a test or a fixture, or give --workers=0"});
    }
#endif
}

result<void> check_that_forking_is_safe() {
    if (sandbox::worker_engines().empty()) {
        return {};
    }
    return tl::unexpected(
        error{errc::usage,
              "start workers: an engine was opened before the first test, and its connection "
              "cannot cross a fork",
              "open it in a test or a fixture, which every worker runs for itself, or give "
              "--workers=0"});
}

result<std::shared_ptr<run_files>> make_files(const std::vector<test_case>& cases,
                                              std::size_t workers, const schedule& schedule,
                                              const options& options) {
    std::vector<std::string> names;
    std::vector<milliseconds> limits;
    names.reserve(cases.size());
    limits.reserve(cases.size());
    for (const test_case& each : cases) {
        names.push_back(each.name);
        limits.push_back(each.timeout.count() > 0 ? each.timeout : options.timeout);
    }
    try {
        return std::shared_ptr<run_files>(
            new run_files{shared_records(cases.size(), workers, schedule.groups),
                          {},
                          {},
                          std::move(names),
                          schedule.group_of,
                          std::move(limits),
                          options.max_failures,
                          options.timeout,
                          {}});
    } catch (const boost::interprocess::interprocess_exception& problem) {
        return tl::unexpected(
            error{errc::system,
                  std::string("start workers: sharing memory with them failed: ") + problem.what(),
                  "raise the limit of memory, e.g. with `ulimit -v`, or give --workers=0"});
    }
}

/// Returns where a worker notes what of its output is past, if nothing is to be thrown away.
std::atomic<std::uint64_t>* output_to_keep(run_files& files, std::size_t worker,
                                           std::size_t capture) {
    return files.shows.output ? &files.records.of_worker(worker).present_output[capture] : nullptr;
}

result<std::shared_ptr<run_files>> files_for(const std::vector<test_case>& cases,
                                             std::size_t workers, const schedule& schedule,
                                             const options& options) {
    auto made = make_files(cases, workers, schedule, options);
    if (!made) {
        return made;
    }
    auto files = *std::move(made);
    files->scope_of_exit = options.scope_of_exit;
    files->limit_of_exit = limit_of_exit(options.timeout);
    files->shows = options.shows;
    for (std::size_t worker = 0; worker < workers; ++worker) {
        auto journal = journal::open();
        auto capture = output_capture::open(output_to_keep(*files, worker, 0));
        if (!journal || !capture) {
            return tl::unexpected(journal ? capture.error() : journal.error());
        }
        files->journals.push_back(*std::move(journal));
        files->captures.push_back(*std::move(capture));
    }
    for (std::size_t worker = 0; worker < workers; ++worker) {
        auto spare = output_capture::open(output_to_keep(*files, worker, 1));
        if (!spare) { // few files may be open: it goes without
            files->spare_captures.clear();
            break;
        }
        files->spare_captures.push_back(*std::move(spare));
    }
    return files;
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
    for (std::size_t position = 0; position < cases.size(); ++position) {
        if (options.only_failed && past.passed(position)) {
            ended.results[position].verdict = verdict::left_out;
        }
    }
    ended.preparing = has_databases ? taken : nanoseconds(0);
    ended.seed = options.shuffle;
    ended.fails_flaky = options.fails_flaky;
    record_results(cases, ended);
    ended.unreported = results::write_reports(ended, cases, options.reports);
    return ended;
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
    const schedule schedule = schedule_of(cases, chosen, past.durations, options.shuffle);
    return run_in_workers(cases, options, past, schedule, std::max(workers, 1U),
                          background.before_forking);
}

} // namespace isolite::run
