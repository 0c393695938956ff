#pragma once

#include "results/outcome.hpp"
#include "results/reports.hpp"
#include "results/test_case.hpp"

#include <isolite/visibility.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace isolite::run {

/// Writes down what becomes of the cases where they all run in this process: in the ledger, and, if
/// they are wanted, for the reports and for later runs. The framework shows the rest.
///
/// A case that calls `exit` takes all others with it, and a status of 0 would look like success.
/// So an exit before the end of the run is told, with its case, and never has the status 0. It
/// cannot hear of `_exit`, and what a process does that a test forked is no matter of the run.
class ISOLITE_API in_process_run {
  public:
    /// Returns what may be typed after a run.
    using commands_of = std::function<results::next_commands(
        const results::outcome&, const std::vector<results::test_case>&)>;

    /// `remembers`: later runs want to know of this one, whatever becomes of it. Else only one in
    /// which a case fails, or which is not the first.
    in_process_run(results::wanted_reports wanted, bool remembers, commands_of commands);
    ~in_process_run();
    in_process_run(const in_process_run&) = delete;
    in_process_run& operator=(const in_process_run&) = delete;

    /// A case begins.
    void begin(results::test_case begun);

    /// The case ends.
    void end(results::verdict became, const std::string& why);

    /// Something fails outside of any case.
    void fail_outside(results::outside_failure failure);

    /// Writes the report for JUnit if it is wanted, and the summary, and remembers how long the
    /// cases took. Returns the exit status that the run must have if the framework has nothing to
    /// complain about: 0 when all is well.
    [[nodiscard]] int conclude();

    /// Returns what has become of the cases so far, and the cases.
    [[nodiscard]] const results::outcome& so_far() const { return outcome_; }
    [[nodiscard]] const std::vector<results::test_case>& cases() const { return cases_; }

  private:
    using clock = std::chrono::steady_clock;

    /// Tells of an exit that came too early. `how` says what was called.
    void tell_exit(const std::string& how);
    [[nodiscard]] bool is_running_here() const noexcept;
    static void hear_exit(int status, void* unused);
    static void hear_quick_exit();

    results::wanted_reports wanted_;
    bool remembers_;
    commands_of commands_;
    std::int64_t process_;
    bool has_ended_ = false;
    std::string running_; ///< the name of the case, "" outside of any
    std::size_t begun_cases_ = 0;
    clock::time_point case_begun_;
    std::vector<results::test_case> cases_;
    results::outcome outcome_;
};

} // namespace isolite::run
