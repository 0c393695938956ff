#pragma once

#include "results/outcome.hpp"
#include "verify/experiment.hpp"
#include "verify/finding.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace isolite::verify {

/// What limits a verification.
struct bounds {
    std::size_t cases = 0;     ///< how many there are
    unsigned most_workers = 2; ///< of an experiment
    std::uint64_t seed = 1;    ///< of the orders by chance
    unsigned shuffles = 3;     ///< how many of these are tried, if the budget allows
    unsigned shuffles_in_parallel = 1;
    unsigned more_shuffles = 0; ///< as far as a twentieth of the budget lasts for them
    /// How often all cases run by two workers besides, and most tries of a pair, as long as that
    /// takes a small part of the budget: what overlaps briefly seldom does.
    unsigned rounds_for_brief = 0;
    unsigned tries_of_pair = 6;
    bool is_alone_last = false; ///< as to run each case alone takes longest
    bool may_repeat = true;     ///< Cases can run more than once in a process.
    /// By position: the cases without which one does not run, which it says itself.
    std::vector<std::vector<std::size_t>> needs = {};
    /// By position: those that failed in the last run, of which something is to be found out first.
    std::vector<bool> failed_before = {};
    /// Returns how much of the budget is left, 0 when nothing more is to be tried.
    std::function<std::chrono::nanoseconds()> left;
    std::chrono::nanoseconds budget{0};
    /// All cases are run once more with each of these together.
    std::vector<std::vector<run::condition>> conditions = {};
    std::int64_t local_time = 0; ///< as `text_of_time` takes it
    /// Called with what is done next, for people.
    std::function<void(const std::string&)> tell = [](const std::string&) {};
    /// Called with the first experiment.
    std::function<void(const experiment&)> usual = [](const experiment&) {};
};

/// Such a part of the budget is for what overlaps briefly.
constexpr int part_for_brief = 16;

/// Says whether a case has become of something that can be compared.
[[nodiscard]] bool has_ended(results::verdict became);

/// Says whether a case is one of some.
[[nodiscard]] bool has(const std::vector<std::size_t>& some, std::size_t wanted);

/// Returns an order with one case more at its end.
[[nodiscard]] std::vector<std::size_t> with(std::vector<std::size_t> some, std::size_t last);

/// The experiments of a verification, and what they have shown so far of each case.
class trials {
  public:
    /// How often a case ended, and how.
    struct tally {
        std::size_t runs = 0;
        std::size_t failures = 0;
        std::size_t failures_beside = 0; ///< in experiments of several workers
        bool has_recovered = false;      ///< It passed after it had failed.
        bool timed_out = false;          ///< in one of them
        std::string why;                 ///< of the first failure
        std::vector<trace> traces;
    };

    /// Lifetime: `bounds` outlive it.
    trials(experimenter run, const bounds& bounds);

    /// Carries out a plan, with what its cases need.
    experiment run(plan plan);

    /// Does so, and keeps the experiment to compare it with others.
    const experiment& keep(plan plan);

    [[nodiscard]] const bounds& limits() const { return bounds_; }
    [[nodiscard]] bool may_go_on() const { return bounds_.left().count() > 0; }

    /// Says whether a plan gives a case the same verdict each time. False, too, when nobody may go
    /// on.
    [[nodiscard]] bool is_repeatable(const plan& plan, std::size_t victim,
                                     results::verdict expected);

    /// Says so of whatever is expected of an experiment.
    [[nodiscard]] bool is_repeatable(const plan& plan,
                                     const std::function<bool(const experiment&)>& is_expected);

    /// Says whether a case has one verdict in a plan and another one in the other, each time again
    /// and by turns: what differs by itself hardly ever does. False, too, when nobody may go on.
    [[nodiscard]] bool differ_each_time(const plan& one, results::verdict in_one, const plan& other,
                                        results::verdict in_other, std::size_t victim);

    /// Returns what a case is alone, by a kept experiment.
    [[nodiscard]] results::verdict alone(std::size_t position);

    /// Returns all that was seen of it then, null if it never ended alone.
    [[nodiscard]] const observation* seen_alone(std::size_t position);

    [[nodiscard]] const std::deque<experiment>& kept() const { return kept_; }

    /// Returns the kept experiment of one worker in which something is so of a case, behind as few
    /// others as possible; null if there is none.
    [[nodiscard]] const experiment*
    shortest_in_which(const std::function<bool(const observation&)>& is_so,
                      std::size_t position) const;

    [[nodiscard]] const std::vector<tally>& tallies() const { return tallies_; }
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] std::size_t run_alone() const { return run_alone_; }

  private:
    void add_with_needs(std::size_t position, std::vector<std::size_t>& order) const;
    void note(const experiment& done);

    experimenter run_;
    const bounds& bounds_;
    std::deque<experiment> kept_;
    std::vector<tally> tallies_;
    std::vector<const observation*> alone_; ///< in `kept_`
    std::size_t count_ = 0;
    std::size_t run_alone_ = 0;
};

} // namespace isolite::verify
