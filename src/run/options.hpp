#pragma once

#include "results/reports.hpp"
#include "run/condition.hpp"
#include "run/shown_at_once.hpp"
#include "run/worker_exit.hpp"
#include "sandbox/told_changes.hpp"

#include <isolite/shard.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace isolite::run {

/// How a suite is to be run, as the command line and the environment say.
struct options {
    /// The number of forked workers; 0 runs all cases in this process. Not set: `auto`.
    std::optional<unsigned> workers = 0;
    /// Nobody has chosen this number of workers: ISOLITE_TIMEOUT needs one that can be killed.
    bool workers_are_implied = false;
    /// How long a case may take. Default: 0, any time.
    std::chrono::milliseconds timeout{0};
    /// Keeps the cases in this process, without a timeout, whatever else is said of that.
    bool for_debugger = false;
    /// After how many failed cases no further one is started. Default: 0, never.
    unsigned max_failures = 0;
    /// Runs the cases in the random order of this seed.
    std::optional<std::uint64_t> shuffle;
    /// Verifies that no case depends on another one, instead of running each once.
    bool verifies = false;
    /// How long that may take.
    std::chrono::milliseconds budget{60000};
    /// The file for what it has found, in JSON. Default: "", none.
    std::string verified_json;
    /// Runs only the cases of these names, in this order. Default: empty, all of them.
    std::vector<std::string> order;
    /// What is another one than usual while cases run.
    std::vector<condition> conditions;
    /// Rows come in reverse for so many statements of a case only, where they do, and its
    /// statements are told.
    std::optional<std::size_t> reversed;
    /// What is told of the changes that cases make to their databases.
    sandbox::telling changes = sandbox::telling::untold;
    /// Runs only the cases that failed the last time they were run.
    bool only_failed = false;
    /// How often every case is run.
    unsigned repeat = 1;
    /// How often a failed case is tried again.
    unsigned retries = 0;
    /// Fails a run in which a case passed only by a retry.
    bool fails_flaky = false;
    results::wanted_reports reports;
    /// What is shown while workers run.
    shown_at_once shows;
    /// Patterns of files that code under test opens by path.
    std::vector<std::string> files;
    /// The part of the suite that runs. Not set: that of the environment.
    std::optional<isolite::shard> shard;
    /// The file with durations of runs on other machines. Default: "", what was imported.
    std::string history;
    /// What workers call when they end.
    exit_scope scope_of_exit = exit_scope::own;

    /// Says whether forked workers were asked for.
    [[nodiscard]] bool forks() const { return workers != 0U; }

    /// Says whether something is asked for that only forked workers can do.
    [[nodiscard]] bool needs_workers() const {
        return timeout.count() > 0 || max_failures > 0 || shuffle || only_failed || repeat > 1 ||
               retries > 0 || !order.empty() || !conditions.empty() || verifies;
    }
};

} // namespace isolite::run
