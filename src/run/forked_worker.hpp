#pragma once

#include "os/left_processes.hpp"
#include "os/own_process.hpp"
#include "results/outcome.hpp"
#include "run/run_files.hpp"

#include <isolite/worker.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace isolite::run {

/// One forked worker, in its own process: it claims cases one by one and says what became of them.
/// The adapter lets the framework run over all cases, and runs those that `claim` grants.
class ISOLITE_API forked_worker {
  public:
    /// Makes this process, which was just forked by `parent`, a worker: with its own process group,
    /// ended by the kernel when the parent ends, its output caught.
    forked_worker(std::shared_ptr<run_files> files, std::size_t number,
                  const std::vector<std::size_t>& order, const worker& place, pid_t parent);

    /// Returns the positions of the cases of this pass, in the order in which to claim them.
    [[nodiscard]] const std::vector<std::size_t>& order() const;

    /// Begins the next pass through the cases of this round, some of which are to run once more.
    /// Returns false when there is none. Requires: all that was claimed is finished.
    [[nodiscard]] bool begin_next_pass();

    /// What may have run since the last case ended.
    enum class meanwhile {
        fixtures, ///< whatever the user has: it may have written, forked, closed
        nothing,  ///< so that all is as `finish` has left it, and claiming costs no system call
    };

    /// Claims a case. It then runs, until `finish`. Returns false when another worker has it, or it
    /// is not to be run. Ends the process when that is a child that a test forked and left running.
    [[nodiscard]] bool claim(std::size_t position, meanwhile ran = meanwhile::fixtures);

    /// Says that the body of the claimed case begins: what was done since it was claimed is work of
    /// its suite, and in no figure of the case. Left out, the case began when it was claimed.
    void begin();

    /// Says that the fixtures of a suite, or of the whole program, are made or ended from now on,
    /// until the next one, or until a case begins or is asked for: a crash is theirs then. Who
    /// takes longer for them than the timeout of the run is killed.
    void enter_fixture(const fixture_phase& phase);

    /// Says whether nobody has the case yet, and this worker might get it. If so, it is taken to be
    /// the next: a crash before it is claimed is one of the fixtures around it.
    [[nodiscard]] bool is_open(std::size_t position);

    /// Waits until a case that another one depends on is done. Returns whether it passed, in an
    /// earlier round if it is not part of this one; true when it is part of none.
    [[nodiscard]] bool passed(std::size_t position) const;

    /// Keeps an event for the parent, in the running case or outside of any.
    void record(results::event event);

    /// Keeps an event that has to do with no case, although one may be running.
    void record_outside(results::event event);

    /// Calls `say` when a signal ends this process. It runs in the handler of the signal, and may
    /// call `record_last`, but take no memory and wait for no lock.
    void say_before_death(void (*say)());

    /// Keeps an event of the running case, whatever the handler of a signal interrupted, and takes
    /// no memory for it. Outside of any case it keeps nothing.
    void record_last(const results::event& event) noexcept;
    void record_last(std::uint8_t kind, const text::to_pack& value) noexcept;

    /// Says whether a case is running.
    [[nodiscard]] bool runs_a_case() const { return running_.has_value(); }

    /// Returns the position of the running case. Requires: one runs.
    [[nodiscard]] std::size_t running_case() const { return *running_; }

    /// Ends the running case, which fails if it took longer than it may, or with what was found
    /// when its framework had done with it; `last` is recorded with its end, at no extra cost.
    void finish(results::verdict became, const std::string& why,
                const std::vector<results::event>& last = {}, const std::string& found = "");

    /// Ends the worker, as a process ends: with the destructors of static objects, as far as they
    /// are not the parent's.
    [[noreturn]] void end();

  private:
    using clock = std::chrono::steady_clock;

    [[nodiscard]] bool may_claim(std::size_t position) const;
    [[nodiscard]] bool join_group(std::size_t position);
    [[nodiscard]] bool is_given_up(std::size_t position) const;
    [[nodiscard]] std::string output_to_keep(bool failed) const;
    void append(const results::event& last, const std::vector<results::event>& before = {});
    void end_with_parent() const;
    void begin_anew();
    void begin_output();
    void leave_fixture();
    void close_files_of_others();
    bool leave_capture_to_others();
    void note_lateness(results::case_result& attempt) const;

    std::shared_ptr<run_files> files_;
    std::size_t number_;
    std::uint32_t mark_; ///< what it writes as an owner
    std::vector<std::vector<std::size_t>> passes_;
    pid_t process_;
    pid_t parent_;
    std::optional<std::size_t> running_;
    clock::time_point since_;
    clock::time_point ended_;   ///< the last case
    clock::time_point watched_; ///< when it asked last to be ended with its parent
    bool begun_ = false;
    os::left_processes left_processes_;
    unsigned unheard_failures_ = 0; ///< before the running case
};

} // namespace isolite::run
