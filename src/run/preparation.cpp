#include "run/preparation.hpp"

#include "error/warning.hpp"
#include "os/process_facts.hpp"
#include "sandbox/worker_engines.hpp"
#include "worker/process_exit.hpp"

#include <algorithm>
#include <boost/interprocess/exceptions.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#if defined(__SANITIZE_THREAD__)
#    define ISOLITE_UNDER_TSAN
#elif defined(__has_feature)
#    if __has_feature(thread_sanitizer)
#        define ISOLITE_UNDER_TSAN
#    endif
#endif

namespace isolite::run {

using results::test_case;

namespace {

using std::chrono::milliseconds;

/// Returns how long a worker may take to end: as long as a case, but a leak checker takes a while.
milliseconds limit_of_exit(milliseconds of_case) {
    return of_case.count() == 0 ? milliseconds(60000) : std::max(of_case, milliseconds(10000));
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

} // namespace

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

void warn_of_threads() {
#ifndef ISOLITE_UNDER_TSAN // which has one of its own
    const std::size_t threads = os::count_threads();
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
    files->conditions = options.conditions;
    files->reversed = options.reversed;
    files->changes = options.changes;
    // What one case does to others is what somebody wants to see.
    files->leaves_streams = options.verifies || !options.order.empty();
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

} // namespace isolite::run
