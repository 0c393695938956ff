#pragma once

#include "results/outcome.hpp"
#include "run/condition.hpp"
#include "run/journal.hpp"
#include "run/output_capture.hpp"
#include "run/shared_records.hpp"
#include "run/shown_at_once.hpp"
#include "run/worker_exit.hpp"
#include "sandbox/told_changes.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace isolite::run {

/// What a parent and its workers share.
struct run_files {
    shared_records records;
    std::vector<journal> journals;        ///< by worker
    std::vector<output_capture> captures; ///< by worker
    std::vector<std::string> names;       ///< of the cases
    /// The group of each case: cases of a group are run by one worker, one after the other.
    std::vector<std::size_t> group_of;
    static constexpr std::size_t no_group = SIZE_MAX;
    /// How long each case may take; 0: any time.
    std::vector<std::chrono::milliseconds> limits;
    /// After how many failures nothing more is claimed; 0: never.
    std::uint64_t max_failures = 0;
    /// How long the fixtures of a suite, and those of the program, may take to be made, and to end;
    /// 0: any time.
    std::chrono::milliseconds fixture_limit{0};
    /// A second one for each worker, or none: for what comes after a test that left a process
    /// writing to the first.
    std::vector<output_capture> spare_captures = {};
    /// What workers call when they end, and how long they may take for it.
    exit_scope scope_of_exit = exit_scope::own;
    std::chrono::milliseconds limit_of_exit{60000};
    /// What is another one than usual in the workers.
    std::vector<condition> conditions = {};
    /// The number of statements of a case for which rows come in reverse, if they do so for some.
    std::optional<std::size_t> reversed = {};
    /// What is told of the changes that cases make to their databases.
    sandbox::telling changes = sandbox::telling::untold;
    /// Leaves stdin, stdout and stderr to a case as the one before has left them.
    bool leaves_streams = false;
    /// How failures and output of cases are shown while they run.
    shown_at_once shows = {};

    /// Returns the files that a worker and the processes of its tests hold, and no other one.
    [[nodiscard]] std::vector<os::file_identity> of_worker(std::size_t worker) const {
        std::vector<os::file_identity> all = {captures[worker].identity()};
        if (worker < spare_captures.size()) {
            all.push_back(spare_captures[worker].identity());
        }
        return all;
    }

    /// Returns what the output of a worker goes to at present.
    [[nodiscard]] const output_capture& capture_of(std::size_t worker) {
        const bool spare = records.of_worker(worker).uses_spare_capture.load();
        return spare ? spare_captures[worker] : captures[worker];
    }
};

/// Returns how far a case is that ended with this verdict.
[[nodiscard]] constexpr progress_of_case progress_of(results::verdict became) {
    return became == results::verdict::failed    ? progress_of_case::failed
           : became == results::verdict::skipped ? progress_of_case::skipped
                                                 : progress_of_case::passed;
}

/// The entry of a journal that ends a case, a `finished_case_entry`. The events before it belong to
/// it.
constexpr std::uint8_t case_finished = 0;
/// The entry with fixtures that were entered in the ledger after the last case.
constexpr std::uint8_t fixtures_told = 0x7F;
/// The entry with what the worker has counted for coverage.
constexpr std::uint8_t coverage_counted = 0x7E;
/// This bit in the kind of an event says that it happened outside of any case.
constexpr std::uint8_t outside_of_cases = 0x80;

/// The status of a worker that a test made unable to go on.
constexpr int exit_lost_descriptors = 117;
/// The status of a worker that has no room left for what it has to report.
constexpr int exit_no_room = 119;
/// The status of a child process of a test that went on to run further cases.
constexpr int exit_stray_child = 118;

} // namespace isolite::run
