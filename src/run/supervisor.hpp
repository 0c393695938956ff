#pragma once

#include "os/own_process.hpp"
#include "results/outcome.hpp"
#include "results/test_case.hpp"
#include "run/case_book.hpp"
#include "run/forked_worker.hpp"
#include "run/live_report.hpp"
#include "run/run_files.hpp"
#include "run/signal_watch.hpp"

#include <isolite/worker.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace isolite::run {

/// The parent of the workers: forks them, replaces those that die, kills those whose case takes
/// too long, and gathers what became of every case.
class supervisor {
  public:
    /// `places` says where each worker stands; `expected` how long each case took in earlier runs,
    /// 0 if unknown.
    supervisor(const std::vector<results::test_case>& cases, std::shared_ptr<run_files> files,
               std::vector<worker> places, std::vector<std::chrono::nanoseconds> expected);
    ~supervisor();
    supervisor(const supervisor&) = delete;
    supervisor& operator=(const supervisor&) = delete;

    /// One of several times that cases are run.
    struct round {
        bool is_retry = false;
        std::string name = {}; ///< for people: "retry 1 of 2"
    };

    /// Lets up to `workers` workers run each of the cases once, best in this order. Returns in each
    /// worker with what it needs, and in the parent with nothing when all is done.
    /// A case that failed before and passes in a retry has passed.
    /// One worker may get an order that has cases more than once: it runs them so often.
    [[nodiscard]] std::optional<forked_worker> run(const std::vector<std::size_t>& order,
                                                   std::size_t workers, const round& which);

    /// Returns what became of the cases so far.
    [[nodiscard]] const std::vector<results::case_result>& results() const {
        return outcome_.results;
    }

    /// Says whether the run is to end early: by a signal, or after too many failures.
    [[nodiscard]] bool stopped() const;

    /// Ends the run: kills what tests left running, and returns what became of all. After a signal
    /// no other one ends this process any more.
    [[nodiscard]] results::outcome finish();

  private:
    using clock = std::chrono::steady_clock;

    /// The process of a worker, one after the other.
    struct seat {
        pid_t process = 0;    ///< 0: none
        unsigned forks = 0;   ///< so far: the incarnation of the next process
        bool died = false;    ///< the last process did not end by itself
        unsigned useless = 0; ///< incarnations in a row that died before they claimed anything
        bool retired = false;
        std::optional<kill_reason> killed; ///< by this parent
        unsigned seen_stopped = 0;         ///< how often in a row, by looks that are apart
        clock::time_point last_seen_stopped;
        clock::time_point forked;
    };

    void open_round(const std::vector<std::size_t>& order);
    [[nodiscard]] bool fork_worker(std::size_t number);
    [[nodiscard]] std::optional<std::size_t> wanted_seat() const;
    [[nodiscard]] bool anyone_runs() const;
    [[nodiscard]] bool anything_open_to(std::size_t number) const;
    void wait();
    static void kill(seat& taken, kill_reason why);
    void kill_overdue();
    void kill_stopped();
    void tell_end(const worker_end& end);
    void retire(std::size_t number);
    void bury(std::size_t number);
    void stop_by(int signal);
    void stop_after_failures();
    void kill_orphans();
    [[nodiscard]] bool is_of_run(pid_t orphan) const;
    [[nodiscard]] std::vector<pid_t> not_orphans() const;

    const std::vector<results::test_case>& cases_;
    std::shared_ptr<run_files> files_;
    std::vector<worker> places_;
    std::vector<pid_t> earlier_children_;
    std::vector<pid_t> processes_of_workers_; ///< of the whole run
    pid_t process_;
    clock::time_point begun_;
    signal_watch signals_;
    live_report report_;

    std::vector<seat> seats_;
    std::vector<std::size_t> order_;
    std::size_t passes_ = 0; ///< of the round
    std::size_t workers_ = 0;
    results::outcome outcome_;
    case_book book_;
};

} // namespace isolite::run
