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
/// whatever becomes of the parent then, the reports are there. Returns at once when forking would
/// not pay.
/// Errors: errc::usage when a connection would have to cross the fork; errc::system.
[[nodiscard]] ISOLITE_API result<role> start(const std::vector<results::test_case>& cases,
                                             const options& options);

/// Shows on stderr what a failed case wrote, if it wrote anything.
ISOLITE_API void show_output(const std::string& case_name, const std::string& output);

/// Writes the report for JUnit, if it is wanted, and remembers how long the cases took. Returns why
/// the report cannot be written, "" if it can.
[[nodiscard]] std::string write_reports(const results::outcome& outcome,
                                        const std::vector<results::test_case>& cases,
                                        const options& options);

/// Says why a report could not be written, if it could not. Returns whether it could.
[[nodiscard]] bool say_if_unreported(const std::string& why);

/// Exit statuses above it say by which signal a run was stopped.
constexpr int first_of_signals = 128;

/// Ends a run in the parent, after the framework's own report: writes the summary to stderr.
/// Returns the exit status that the run must have if the framework has nothing to complain about:
/// 0 when all is well.
[[nodiscard]] ISOLITE_API int conclude(const results::outcome& outcome,
                                       const std::vector<results::test_case>& cases,
                                       const options& options);

} // namespace isolite::run
