#include "suites/suite_process.hpp"

#include "error/warning.hpp"
#include "files/claims.hpp"
#include "files/other_sqlites.hpp"
#include "files/real_directory.hpp"
#include "ledger/ledger.hpp"
#include "ledger/record_line.hpp"
#include "ledger/run_directory.hpp"
#include "os/own_process.hpp"
#include "run/command_line.hpp"
#include "sandbox/evidence.hpp"
#include "sandbox/worker_engines.hpp"
#include "store/one_sqlite.hpp"
#include "suites/page_of_run.hpp"
#include "suites/variables.hpp"
#include "text/words.hpp"
#include "worker/detection.hpp"
#include "worker/effective_settings.hpp"

#include <isolite/one_sqlite.hpp>
#include <isolite/session.hpp>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <numeric>
#include <string>

namespace isolite::suites {

namespace {

/// Lets a write fail that passes the limit of file sizes, as Python does: what cannot be kept is a
/// warning, and no death. A handler of the program's own stays.
void ignore_file_size_signal() {
    struct sigaction now {};
    if (::sigaction(SIGXFSZ, nullptr, &now) == 0 && now.sa_handler == SIG_DFL) {
        ::signal(SIGXFSZ, SIG_IGN);
    }
}

/// Who debugs a program sees one process, and stops it for as long as he likes: `auto` forks
/// nothing then, unless something is asked for that only forked workers do.
void stay_for_debugger(run::options& options) {
    run::options without_limit = options;
    without_limit.timeout = {};
    const bool is_chosen = options.workers && !options.workers_are_implied;
    if (is_chosen || without_limit.needs_workers() || !os::is_traced()) {
        return;
    }
    options.workers = 0;
    options.timeout = {};
    warnings::complain("a debugger has this process: all cases run in it, without limits of time\n"
                       "  hint: give a number, as --workers=2, to fork workers all the same");
}

} // namespace

result<suite_process> suite_process::start() {
    ignore_file_size_signal();
    const result<worker>& worker = worker::current();
    if (!worker) {
        return tl::unexpected(worker.error());
    }
    // What is wrong for all tests is said before the first one.
    const auto variables = workers::environment::of_process();
    if (const auto cache = workers::effective_settings(variables, workers::chosen_cache());
        !cache) {
        return tl::unexpected(cache.error());
    }
    if (const auto runs = records::place_of_runs(variables); !runs) {
        return tl::unexpected(runs.error());
    }
    auto options = run::chosen_options(variables);
    if (!options) {
        return tl::unexpected(options.error());
    }
    stay_for_debugger(*options);
    if (!options->reports.page.empty()) {
        if (const auto kept = check_that_records_are_kept(); !kept) {
            return tl::unexpected(kept.error());
        }
    }
    if (sandbox::describes_databases() || paths::claims::any()) {
        if (auto one = store::check_one_sqlite(); !one) {
            return tl::unexpected(one.error());
        }
    }
    if (paths::claims::any()) {
        paths::warn_of_other_sqlites(); // once for all workers
    }
    warn_about_unread_variables();
    run::warn_about_untaken_options();
    records::ledger::of_process().begin_run();
    sandbox::remove_earlier_evidence();
    paths::remove_left_real_files();
    return suite_process(*worker, *std::move(options));
}

void suite_process::tell_shard(const shard_cut& cut) const {
    const auto variables = workers::environment::of_process();
    const auto own = static_cast<std::size_t>(
        std::count(cut.shard_of.begin(), cut.shard_of.end(), shard().index));
    std::string how = "by count";
    if (!cut.loads.empty()) {
        using std::chrono::nanoseconds;
        const auto all = std::accumulate(cut.loads.begin(), cut.loads.end(), nanoseconds(0));
        how = "by durations, " + text::text_of(cut.loads[shard().index]) + " of " +
              text::text_of(all);
    }
    warnings::complain(workers::shard_notice(variables, shard(), own, cut.cases.size(),
                                             cut.fingerprint + " " + how));
}

void suite_process::record_shard(const shard_cut& cut) const {
    records::ledger& ledger = records::ledger::of_process();
    ledger.record("shard", [&](records::record_line& line) {
        line.add("shard_index", std::int64_t(shard().index))
            .add("shard_total", std::int64_t(shard().total))
            .add("cut", cut.fingerprint)
            .add("filter", cut.filters);
    });
    for (std::size_t i = 0; i < cut.cases.size(); ++i) {
        ledger.record("planned", [&](records::record_line& line) {
            line.add("test", cut.cases[i].name).add("shard", std::int64_t(cut.shard_of[i]));
        });
    }
}

void suite_process::finish(std::size_t cases_of_workers) const {
    records::ledger::of_process().end(cases_of_workers);
}

result<void> suite_process::abandon_sessions(std::string_view test) {
    for (engine* const opened : sandbox::worker_engines()) {
        if (auto abandoned = session::abandon(*opened, test); !abandoned) {
            return abandoned;
        }
    }
    return {};
}

} // namespace isolite::suites
