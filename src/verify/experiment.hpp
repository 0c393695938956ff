#pragma once

#include "results/outcome.hpp"
#include "run/condition.hpp"
#include "sandbox/told_changes.hpp"
#include "verify/trace.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace isolite::verify {

/// What an experiment runs: cases, by their positions, in an order, in new processes.
struct plan {
    /// One worker runs a case as often as it stands here, in one process.
    std::vector<std::size_t> order;
    unsigned workers = 1;
    /// What is another one than usual.
    std::vector<run::condition> conditions = {};
    /// The number of statements of a case for which rows come in reverse, if not for all.
    std::optional<std::size_t> reversed = {};
    /// Rows are told that cases change, and not only a number of them.
    bool tells_rows = false;
};

/// What became of a case in an experiment.
struct observation {
    results::verdict verdict = results::verdict::not_run;
    std::string why;
    std::chrono::nanoseconds duration{0};
    std::vector<trace> traces;
    bool timed_out = false;
    std::vector<std::string> statements = {};              ///< of SQLite, where `reversed` is set
    bool died = false;                                     ///< Its process ended in it.
    std::vector<sandbox::changed_database> databases = {}; ///< as it changed them, where it is told
    /// How often it ran in the experiment before, and failed.
    std::size_t earlier_runs = 0;
    std::size_t earlier_failures = 0;
};

/// A plan that was carried out.
struct experiment {
    unsigned workers = 1;
    std::vector<run::condition> conditions = {};
    /// The cases as they ran, which is not always as they were planned: a framework may keep suites
    /// together. Of several workers one comes after the other.
    std::vector<std::size_t> order;
    std::map<std::size_t, observation> became; ///< the last time that each ran
    /// Where in `order` a process begins; empty if nobody knows.
    std::vector<std::size_t> begins = {};

    [[nodiscard]] results::verdict verdict_of(std::size_t position) const {
        const auto found = became.find(position);
        return found == became.end() ? results::verdict::not_run : found->second.verdict;
    }

    /// Returns the cases that ran before one did the last time, if it ran.
    [[nodiscard]] std::vector<std::size_t> before(std::size_t position) const;

    /// Returns those of them in its own process; none if nobody knows where that begins.
    [[nodiscard]] std::vector<std::size_t> before_in_process(std::size_t position) const;

    /// Says whether a case ran more than once.
    [[nodiscard]] bool has_repetition() const { return order.size() > became.size(); }

    /// Says whether the process of one of them ended in it, so that the case had another one.
    /// Requires: one worker.
    [[nodiscard]] bool has_died_before(std::size_t position) const;
};

/// Returns how long a case may take in a verification of this budget when nothing is known of it.
[[nodiscard]] std::chrono::milliseconds first_limit(std::chrono::milliseconds budget);

/// Returns how long one may take, and what is around cases, that was seen in the first experiment:
/// in another order it may wait for ever.
[[nodiscard]] std::chrono::milliseconds limit_by(const observation& usual,
                                                 std::chrono::milliseconds budget);

/// Carries out a plan.
using experimenter = std::function<experiment(const plan&)>;

} // namespace isolite::verify
