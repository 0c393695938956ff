#pragma once

#include "run/in_process_run.hpp"
#include "run/parallel_run.hpp"
#include "sandbox/case_files.hpp"
#include "suites/adapter.hpp"
#include "suites/failed_again.hpp"
#include "suites/shard_cut.hpp"
#include "suites/suite_process.hpp"
#include "verify/process_state.hpp"

#include <isolite/case_marks.hpp>

#include <optional>
#include <string>
#include <vector>

namespace isolite::suites {

/// A suite from its first case to its last: in this process alone, or in forked workers, of which
/// this process is one, or their parent. The adapter tells it what the framework tells the adapter;
/// what has to be done about it in each role is decided here.
class ISOLITE_API running_suite {
  public:
    explicit running_suite(adapter& adapter) : adapter_(adapter) {}

    /// Reads the settings and leaves out other shards. Left out, `start` does it: for frameworks
    /// that say how much they run before they tell of the first case.
    /// Errors: errc::environment, errc::usage, errc::system.
    [[nodiscard]] result<void> prepare();

    /// Prepares, if nobody has, and forks if the options say so. Returns in every process.
    /// Errors: errc::environment, errc::usage, errc::system.
    [[nodiscard]] result<void> start();

    /// Returns what this process is as a worker, null if it is none.
    [[nodiscard]] run::forked_worker* worker() { return worker_ ? &*worker_ : nullptr; }

    /// Returns what became of the cases in workers, null where this process is no parent of any.
    [[nodiscard]] results::outcome* outcome() { return outcome_ ? &*outcome_ : nullptr; }

    /// Says whether the cases run in this process, which forks nobody.
    [[nodiscard]] bool is_here() const noexcept { return here_.has_value(); }

    /// Says whether a report for other programs is wanted.
    [[nodiscard]] bool writes_report() const {
        return process_ && !process_->options().reports.junit.empty();
    }

    /// Says whether it matters what people should read about failures.
    [[nodiscard]] bool wants_explanations() const noexcept { return worker_ || here_; }

    /// Tells that a suite begins, before its set-up, or one in the suite; and that the innermost
    /// one has ended.
    void enter_suite(const std::string& name);
    void leave_suite();

    /// Tells that a case begins. `about` is called where its description is wanted.
    template <typename Describe>
    void begin(Describe about) {
        if (watch_) {
            watch_->begin();
        }
        if (worker_) {
            worker_->begin();
        } else if (here_) {
            here_->begin(about());
        }
        if (sandbox::files_were_claimed() && (worker_ || here_)) {
            begin_files(about());
        }
    }

    /// Tells that the body of the case is over, with its fixture, or a pass through its sections,
    /// while its framework can still be told of a failure, and whether it has failed. Returns what
    /// it is to fail with because of what it did to files, or "". Until it begins again or ends,
    /// nobody may open files by path. Left out, it fails with what no mark forgives.
    [[nodiscard]] std::string end_pass(bool has_failed);

    /// Tells that the case begins once more, as with each pass through its sections, and whether
    /// the pass before has failed.
    void begin_again(bool has_failed);

    /// Tells that the fixtures of a suite, or of the program, are made or ended from now on, until
    /// the next ones, or until a case begins or is asked for.
    void enter_fixture(const run::fixture_phase& phase) {
        if (worker_) {
            worker_->enter_fixture(phase);
        }
    }

    /// Keeps what people should read about a failure of the running case.
    void explain(const std::string& text);

    /// Fails the running case with what no mark of the framework forgives: its worker says so
    /// beside the framework, as of a crash; without workers it is a failure outside of the case.
    void fail_unforgiven(const results::test_case& about, const std::string& why);

    /// Tells how the case ends, and why if nothing explained it. `last` are events of the worker
    /// that are recorded with the end.
    void end(results::verdict became, const std::string& otherwise,
             const std::vector<results::event>& last = {});

    /// Enters a case that does not run although it was chosen. Requires: `is_here`.
    void skip(const results::test_case& skipped, const std::string& why);

    /// Tells what failed outside of any case, for the reports. What workers tell, their parent
    /// knows when it has `outcome()`: each different failure once.
    void fail_outside(const results::outside_failure& failure);

    /// Tells that a case failed with a failure outside of it, which then counts no more.
    void hear(const std::string& failure);

    /// Ends the run: the process of a worker. The adapter is not asked for anything after it.
    void finish();

    /// Writes the summary, and reports that are not written yet, after the framework's own. Returns
    /// the exit status that the process must have even if the framework is content, else 0.
    [[nodiscard]] int conclude();

  private:
    [[nodiscard]] result<void> prepare_run();
    [[nodiscard]] result<void> start_run();
    [[nodiscard]] result<results::shared_history> read_history() const;
    void become(run::role& role);
    void become(run::forked_worker worker);
    void run_here(bool remembers);
    [[nodiscard]] result<void> verify();
    [[nodiscard]] std::string command_with(const std::vector<std::string>& options) const;
    void record_cut() const;
    [[nodiscard]] bool ran_all_cases();
    void begin_files(results::test_case about);
    [[nodiscard]] results::next_commands
    commands_after(const results::outcome& run, const std::vector<results::test_case>& cases);
    void say_evidence();
    void tell_warnings();
    [[nodiscard]] std::string end_files();
    [[nodiscard]] std::vector<results::event> with_traces(std::vector<results::event> last);
    void tell_outside(const results::outside_failure& failure);

    adapter& adapter_;
    std::optional<suite_process> process_;
    std::optional<selected_again> again_; ///< what failed, when the run has ended
    results::shared_history history_;
    std::optional<shard_cut> cut_; ///< if there are other shards
    std::vector<results::test_case> cases_;
    std::optional<run::forked_worker> worker_;
    std::optional<results::outcome> outcome_;
    std::optional<run::in_process_run> here_;
    std::optional<verify::state_watch> watch_; ///< of a worker of a verification
    std::string explanation_;
    results::test_case case_of_files_; ///< that runs, if files were claimed
    bool has_told_files_ = false;      ///< The framework knows what it left behind.
    std::string unforgiven_;           ///< of the case that runs in this worker
    bool ran_whole_program_ = false;   ///< where it matters: files were claimed
    bool fails_process_ = false;       ///< where the framework may be content
    sandbox::case_files files_;
    sandbox::suite_files files_of_suites_;
};

/// Completes what is known of a case.
void ISOLITE_API apply(const case_marks& marks, results::test_case& to);

/// Says on stderr that a case failed, and why.
ISOLITE_API void say_failure(const std::string& name, const std::string& why);

/// Says so of a case that failed in a worker, with what it wrote: for frameworks that cannot say it
/// again.
ISOLITE_API void say_result(const std::string& name, const results::case_result& result);

} // namespace isolite::suites
