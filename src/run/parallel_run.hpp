#pragma once

#include "results/outcome.hpp"
#include "results/past_runs.hpp"
#include "results/test_case.hpp"
#include "run/forked_worker.hpp"
#include "run/options.hpp"

#include <isolite/error.hpp>

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace isolite::run {

/// All cases are to be run in this process.
struct in_this_process {};

using role = std::variant<in_this_process, forked_worker, results::outcome>;

/// What a run is told by whoever starts it.
struct background {
    /// What runs elsewhere tell of the cases.
    const results::shared_history& history;
    /// Called in the parent before it forks, when it can keep records.
    std::function<void()> before_forking;
};

/// Runs the cases in forked workers, as the options say. Returns in every worker with what the
/// worker needs, and in the parent with what became of all cases when they are done and reported:
/// whatever becomes of the parent then, the reports are there.
/// Errors: errc::usage when a connection would have to cross the fork; errc::system.
[[nodiscard]] ISOLITE_API result<role> start(const std::vector<results::test_case>& cases,
                                             const options& options, const background& background);

} // namespace isolite::run
