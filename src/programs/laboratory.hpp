#pragma once

#include "programs/processes.hpp"
#include "run/options.hpp"
#include "verify/experiment.hpp"
#include "verify/finding.hpp"
#include "verify/made_files.hpp"
#include "verify/process_state.hpp"
#include "verify/workplace.hpp"

#include <isolite/error.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace isolite::programs {

/// Carries out experiments with a program that knows nothing of isolite: each is a process, or
/// several at the same time. Its framework runs cases in the order in which it lists them, or in
/// that of a seed; others are had by looking for a seed.
class laboratory {
  public:
    /// Lifetime: `place` longer than this.
    laboratory(test_program program, std::vector<listed_case> cases, verify::workplace& place,
               const run::options& options);
    laboratory(const laboratory&) = delete;
    laboratory& operator=(const laboratory&) = delete;
    ~laboratory() = default;

    /// Carries out a plan. Its conditions are those that `variables_for` knows.
    /// Errors: `failure` tells why nothing could be run; the experiment is empty then.
    [[nodiscard]] verify::experiment run(const verify::plan& plan);

    /// Limits the time of each case by what it has taken.
    void limit_times(const verify::experiment& usual);

    /// Sets what says that no further seed is to be tried.
    void stop_seeking_when(std::function<bool()> is_over) { is_over_ = std::move(is_over); }

    /// Removes files that a case makes whenever it runs: they were moved out of the working
    /// directory.
    void remove_what_is_made_again();

    /// Returns a command line that shows a finding again.
    [[nodiscard]] std::string again(const verify::finding& found) const;

    /// Returns what could not be tried of the program's cases. Shape: sentences behind `not
    /// tried:`.
    [[nodiscard]] std::vector<std::string> untried() const;

    [[nodiscard]] int interrupted_by() const { return processes_.interrupted_by(); }
    [[nodiscard]] const std::optional<error>& failure() const { return failure_; }

  private:
    using positions = std::vector<std::size_t>;
    /// An order of a framework; nothing: that in which it lists cases.
    using seed = std::optional<unsigned>;

    /// How a process ran cases, and what became of the last one.
    struct seen_run {
        laboratory::seed seed;
        positions order;
        results::verdict last;
        std::vector<run::condition> conditions;
    };

    [[nodiscard]] verify::experiment run_somehow(const verify::plan& plan);
    [[nodiscard]] verify::experiment run_ordered(const positions& order);
    [[nodiscard]] verify::experiment run_once(const std::vector<positions>& parts, seed seed);
    [[nodiscard]] verify::experiment in_directories(const std::vector<positions>& parts, seed seed);
    void clear_away(const verify::directory_state& before, const verify::directory_state& after,
                    const verify::experiment& done);
    [[nodiscard]] seed another_seed();
    [[nodiscard]] std::vector<seed> known_seeds_for(const positions& order) const;
    [[nodiscard]] std::size_t most_tries_for(const positions& order) const;
    [[nodiscard]] seed shown_by(const positions& order, const verify::finding& found) const;
    void remember(const positions& selected, seed seed, const verify::experiment& done);
    [[nodiscard]] std::string command(const positions& order, seed seed) const;
    [[nodiscard]] std::string limit(const positions& some) const;
    [[nodiscard]] std::string repeatedly(const positions& some) const;

    test_program program_;
    std::vector<listed_case> cases_;
    verify::workplace& place_;
    std::chrono::milliseconds timeout_; ///< of each case; 0: by what it takes at first
    std::chrono::milliseconds budget_;
    time_limits limits_;
    std::vector<std::chrono::nanoseconds> durations_; ///< of the cases, as they were at first
    std::chrono::nanoseconds shortest_;               ///< of the experiments
    processes processes_;
    std::function<bool()> is_over_ = [] { return false; };
    std::map<unsigned, positions> orders_; ///< by seed, the longest that was seen
    /// What was selected, ascending, and what a process has made of just that.
    std::map<positions, std::vector<seen_run>> runs_;
    std::set<std::string> not_alone_;        ///< names with which the program runs other cases
    std::vector<run::condition> conditions_; ///< of the plan that is carried out
    std::mt19937 dice_;                      ///< of seeds: those of small numbers are too alike
    std::size_t experiments_ = 0;
    std::size_t in_parallel_ = 0;
    std::optional<error> failure_;
    verify::made_files made_;
};

} // namespace isolite::programs
