#pragma once

#include "results/test_case.hpp"
#include "run/progress.hpp"
#include "run/run_files.hpp"

#include <isolite/worker.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace isolite::run {

/// Tells the user, while workers run cases, which ones fail and how far they are.
class live_report {
  public:
    /// `expected` says how long each case took in earlier runs, 0 if unknown.
    /// Lifetime: `cases` outlives it.
    live_report(const std::vector<results::test_case>& cases, std::shared_ptr<run_files> files,
                const std::vector<worker>& places, std::vector<std::chrono::nanoseconds> expected);

    /// Begins a round of these cases, run by up to `workers` workers.
    void begin(const std::vector<std::size_t>& order, std::size_t workers);

    /// Says what is new. `alive`: by worker.
    void update(const std::vector<bool>& alive);

    /// Takes the line of the progress away.
    void clear() { progress_.clear(); }

  private:
    using clock = std::chrono::steady_clock;

    void say_failures();
    [[nodiscard]] std::optional<std::chrono::nanoseconds> time_left() const;

    const std::vector<results::test_case>& cases_;
    std::shared_ptr<run_files> files_;
    std::vector<std::string> names_; ///< of the workers
    std::vector<std::chrono::nanoseconds> expected_;
    clock::time_point begun_ = clock::now();
    progress progress_ = progress::of_process();
    std::vector<std::size_t> order_;
    std::size_t workers_ = 0;
    std::vector<bool> said_; ///< failures of this round
    std::uint64_t failures_said_ = 0;
};

} // namespace isolite::run
