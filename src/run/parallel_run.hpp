#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"
#include "run/forked_worker.hpp"
#include "run/options.hpp"

#include <isolite/error.hpp>

#include <string>
#include <variant>
#include <vector>

namespace isolite::run {

/// All cases are to be run in this process.
struct in_this_process {};

using role = std::variant<in_this_process, forked_worker, results::outcome>;

/// Runs the cases in forked workers, as the options say. Returns in every worker with what the
/// worker needs, and in the parent with what became of all cases when they are done and reported:
/// whatever becomes of the parent then, the reports are there.
/// Errors: errc::usage when a connection would have to cross the fork; errc::system.
[[nodiscard]] ISOLITE_API result<role> start(const std::vector<results::test_case>& cases,
                                             const options& options);

} // namespace isolite::run
