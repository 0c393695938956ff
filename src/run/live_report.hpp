#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"
#include "run/live_output.hpp"
#include "run/progress.hpp"
#include "run/run_files.hpp"

#include <isolite/worker.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace isolite::run {

/// Tells the user, while workers run cases, which ones fail and why, and how far they are.
class live_report {
  public:
    /// `expected` says how long each case took in earlier runs, 0 if unknown; `results` what became
    /// of those that their workers cannot tell.
    /// Lifetime: `cases` and `results` outlive it.
    live_report(const std::vector<results::test_case>& cases, std::shared_ptr<run_files> files,
                const std::vector<worker>& places, std::vector<std::chrono::nanoseconds> expected,
                const std::vector<results::case_result>& results);

    /// Begins a round of these cases, run by up to `workers` workers. `name` says for people which
    /// round that is, if there are several.
    void begin(const std::vector<std::size_t>& order, std::size_t workers, std::string name,
               bool is_retry);

    /// Begins with what a new process in a seat will tell.
    void begin_worker(std::size_t number);

    /// Says what is new. `alive`: by worker.
    void update(const std::vector<bool>& alive);

    /// Takes the line of the progress away, and shows what is left of lines of output.
    void clear();

    /// Marks the cases whose failures were shown.
    void mark_told(results::outcome& outcome) const;

  private:
    using clock = std::chrono::steady_clock;

    void say_ends();
    void say_waiting(const std::vector<std::string>& endless, std::chrono::nanoseconds now);
    void read_journal(std::size_t number);
    void say_end(std::size_t position, std::size_t number);
    [[nodiscard]] std::optional<std::chrono::nanoseconds> time_left() const;

    const std::vector<results::test_case>& cases_;
    std::shared_ptr<run_files> files_;
    std::vector<std::string> names_; ///< of the workers
    std::vector<std::chrono::nanoseconds> expected_;
    const std::vector<results::case_result>& results_;
    clock::time_point begun_ = clock::now();
    progress progress_ = progress::of_process();
    live_output output_;
    std::vector<std::size_t> order_;
    std::size_t workers_ = 0;
    std::string round_;
    bool is_retry_ = false;
    std::vector<bool> said_; ///< ends in this round
    std::uint64_t failures_said_ = 0;
    std::optional<std::chrono::nanoseconds> stopped_at_; ///< when it was seen first
    bool has_said_waiting_ = false;
    std::vector<std::size_t> read_; ///< by worker: up to where its journal was read
    std::map<std::size_t, results::case_result> failed_; ///< by position, as its worker told
    std::vector<bool> told_;                             ///< failures, in any round
};

} // namespace isolite::run
