#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"

#include <isolite/visibility.hpp>

#include <string>
#include <vector>

namespace isolite::results {

/// Which reports of a run are wanted.
struct wanted_reports {
    /// Says whether the summary is written even if all is well.
    bool summary = true;
    /// How many of the slowest cases the summary shows.
    unsigned durations = 10;
    /// The file for a report in JUnit's XML. Default: "", none.
    std::string junit;
};

/// Shows on stderr what a failed case wrote, if it wrote anything.
ISOLITE_API void show_output(const std::string& case_name, const std::string& output);

/// Writes the report for JUnit, if it is wanted, and remembers how long the cases took. Returns why
/// the report cannot be written, "" if it can.
[[nodiscard]] std::string write_reports(const outcome& outcome, const std::vector<test_case>& cases,
                                        const wanted_reports& wanted);

/// Says why a report could not be written, if it could not. Returns whether it could.
[[nodiscard]] bool say_if_unreported(const std::string& why);

/// Exit statuses above it say by which signal a run was stopped.
constexpr int first_of_signals = 128;

/// Ends a run in the parent, after the framework's own report: writes the summary to stderr.
/// Returns the exit status that the run must have if the framework has nothing to complain about:
/// 0 when all is well.
[[nodiscard]] ISOLITE_API int conclude(const outcome& outcome, const std::vector<test_case>& cases,
                                       const wanted_reports& wanted);

} // namespace isolite::results
