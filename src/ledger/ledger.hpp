#pragma once

#include "ledger/account.hpp"
#include "ledger/entries.hpp"
#include "ledger/told_list.hpp"
#include "os/own_process.hpp"

#include <isolite/visibility.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isolite::records {

class record_line;

/// What the fixtures and tests of this process cost: sums for the summary, and a record of each for
/// `isolite report`.
/// Threads: every function may be called from any thread. A child that a test forks keeps no
/// records. Once a test has jumped out of one of the functions, all of them do nothing.
class ISOLITE_API ledger {
  public:
    using clock = std::chrono::steady_clock;

    [[nodiscard]] static ledger& of_process();

    ledger();
    ~ledger();
    ledger(const ledger&) = delete;
    ledger& operator=(const ledger&) = delete;

    /// Says that a test framework begins, which will tell of its cases. Without one, each outermost
    /// session is a test. A second run of a process begins with an empty ledger.
    void begin_run();

    /// Says that this process forks workers, and runs no case itself.
    void become_parent();

    /// Says that this process was just forked by `parent` to be a worker: it begins with an empty
    /// ledger, and keeps for its parent what is entered.
    void become_worker(pid_t parent);

    /// Makes the file of records, and removes those of old runs, which may take long. Else the
    /// first record does so.
    void make_ready();

    /// A case begins. `id`: its position in the program.
    void begin_case(std::string_view test, std::size_t id, clock::time_point start);

    /// The running case ends. Returns what the fixtures in it took.
    std::chrono::nanoseconds end_case(const case_end& end);

    /// Enters fixture work.
    void enter(fixture_kind kind, const fixture_details& details,
               const fixture_span& span) noexcept;

    /// Notes that a seed is not shared, and why.
    void add_seeding_alone(std::string_view seed, std::string_view why);

    /// Enters the end of a session: what it consisted of, and, without a framework, the test.
    void enter(const session_end& end, clock::time_point start, clock::time_point closed,
               unsigned depth) noexcept;

    /// Keeps a record of another kind; `fill` gives it fields.
    void record(std::string_view kind, const std::function<void(record_line&)>& fill);

    /// Returns what was entered since the last call. Empty in a process that is no forked worker.
    [[nodiscard]] std::vector<told_fixture> take_told();

    /// Says that the process has come to its proper end, and how many cases it ran, or its workers
    /// were to run: who reads the records knows by it whether all are there.
    void end(std::size_t cases_of_workers = 0);

    /// Returns the path of the file that has the records of this process, "" where none are kept.
    [[nodiscard]] std::string path_of_records() const;

    [[nodiscard]] std::chrono::nanoseconds time_in_fixtures() const;

    /// Returns the time from the first record of this process to its proper end, or until now.
    [[nodiscard]] std::chrono::nanoseconds life() const;

    /// Returns what was entered so far.
    [[nodiscard]] records::account account() const;

    /// Returns lines about this process: tests, fixtures, and the seeds that every worker applies
    /// for itself. Empty when there was no fixture, and in a parent of workers.
    [[nodiscard]] std::string summary(std::string_view worker) const;

  private:
    struct state;
    class turn;
    void end_without_framework();

    state* state_; // lives as long as the ledger
};

/// Times fixture work from here to `enter`, or to the end of the block if it is not entered. What
/// is entered meanwhile in this thread is inside of it.
class ISOLITE_API fixture_clock {
  public:
    fixture_clock();
    ~fixture_clock();
    fixture_clock(const fixture_clock&) = delete;
    fixture_clock& operator=(const fixture_clock&) = delete;

    /// Returns the work up to now, for who knows only later whether it is to be entered.
    [[nodiscard]] fixture_span span() const { return {begun_, ledger::clock::now(), depth_}; }

    /// Enters the work in the ledger of this process. Returns when it ended.
    ledger::clock::time_point enter(fixture_kind kind, const fixture_details& details) const;

    /// Enters the end of a session.
    void enter(const session_end& end) const;

    [[nodiscard]] ledger::clock::time_point begun() const noexcept { return begun_; }

  private:
    unsigned depth_; // how many are around it
    ledger::clock::time_point begun_;
};

} // namespace isolite::records
