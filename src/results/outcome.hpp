#pragma once

#include "ledger/account.hpp"
#include "results/event.hpp"

#include <isolite/visibility.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace isolite::results {

enum class verdict : std::uint8_t {
    not_run, ///< The run was stopped, or no worker could run it.
    passed,
    failed,
    skipped,  ///< The framework decided not to run it.
    left_out, ///< `--failed` was given, and it passed the last time; or `--in-order` without it.
};

/// Returns what records call it.
[[nodiscard]] const char* name_of(verdict became);

/// What became of a case.
struct case_result {
    results::verdict verdict = results::verdict::not_run;
    /// How often it was run, and how often it failed: by `--repeat` and `--retries`.
    unsigned attempts = 0;
    unsigned failures = 0;
    /// The worker that ran it the last time, counted from 0.
    unsigned worker = 0;
    /// Of the last attempt, without the fixtures of its suite.
    std::chrono::nanoseconds duration{0};
    /// The part of it that was spent in fixtures that the ledger knows.
    std::chrono::nanoseconds fixtures{0};
    /// Why it failed, was skipped or not run: whole sentences, maybe of several lines. If it is
    /// flaky, why it failed before it passed.
    std::string why;
    /// How its worker died in it, or that it came to its end too late, or what cut it off; "" if
    /// none of these.
    std::string death;
    /// Says whether its worker ended in it.
    bool died = false;
    /// Says whether people were told of the failure, with the output, when it happened.
    bool is_told = false;
    /// Says whether it took too long, and may have been killed for it.
    bool timed_out = false;
    /// Says whether a signal stopped the run before it ended: a failure that says little of it.
    bool interrupted = false;
    /// What it wrote to stdout and stderr when it failed, or when something was reported in it that
    /// fails the process.
    std::string output;
    /// The processes that it left running: "PID (COMMAND)".
    std::vector<std::string> left_processes;
    /// What the framework said in it, as the adapter recorded it.
    std::vector<event> events;

    /// Adds an attempt. Of several, one that failed stays, unless a retry tells more.
    void add(case_result attempt, bool is_retry);

    /// Says whether it passed only when it was tried again.
    [[nodiscard]] bool flaky() const { return verdict == results::verdict::passed && failures > 0; }
};

/// A failure outside of any case: of the fixture of a suite, or of the whole program.
struct outside_failure {
    std::string suite; ///< "" for the whole program
    std::string file;  ///< "" where nobody knows the place
    unsigned line = 0;
    std::string why; ///< whole sentences, maybe of several lines
};

/// The death of a worker outside of any case, in fixtures.
struct fixture_death {
    outside_failure failure; ///< in a sentence, at the place of the first case of the suite
    std::string output;      ///< What was written there to stdout and stderr.

    [[nodiscard]] std::string text() const { return failure.why + "\n" + output; }
};

/// What became of a run.
struct outcome {
    std::vector<case_result> results;             ///< by the position of the case
    std::vector<records::worker_account> workers; ///< of a run in one process, itself
    /// The cases, each time that one ended: in their order in each process, of which one comes
    /// after the other.
    std::vector<std::size_t> sequence;
    bool is_forked = false;     ///< the workers were
    bool is_remembered = false; ///< for `--failed`
    records::account costs;     ///< of the fixtures of all workers, and of the images
    std::chrono::nanoseconds wall{0};
    /// The images of the databases, before the fork; 0 if there are none.
    std::chrono::nanoseconds preparing{0};
    std::optional<std::uint64_t> seed;    ///< of `--shuffle`
    bool fails_flaky = false;             ///< `--fail-flaky` was given
    const char* left_out_by = "--failed"; ///< the option, if cases were left out
    int interrupted_by = 0;               ///< the signal that stopped the run, 0 if none did
    bool too_many_failures = false;       ///< `--maxfail` stopped it
    /// What happened outside of any case, to fixtures of suites and of the whole program: by the
    /// process of a worker that it happened in.
    std::vector<std::vector<event>> outside;
    /// Why the report for JUnit could not be written, "" if it was or is not wanted.
    std::string unreported;
    /// What of it failed, as the adapter tells for the reports.
    std::vector<outside_failure> failures_outside;
    std::vector<fixture_death> deaths_in_fixtures;
    /// The status of the first worker that ended with another one than 0, when its cases had ended.
    int status_of_workers = 0;
    /// Workers that died or gave up outside of cases and fixtures, or failed as they ended: whole
    /// sentences.
    std::vector<std::string> troubles;
    /// The processes that a test left running, nobody knows which: "PID (COMMAND)".
    std::vector<std::string> left_processes;

    /// Says whether the run came to its end, and all cases that it was to run did.
    [[nodiscard]] ISOLITE_API bool is_complete() const;

    /// Says whether a case passed only when it was tried again.
    [[nodiscard]] bool has_flaky() const;

    /// Says whether, beside that, nothing happened to workers outside of cases.
    [[nodiscard]] bool all_is_well() const;
};

} // namespace isolite::results
