#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"
#include "results/verdict.hpp"

#include <isolite/visibility.hpp>

#include <optional>
#include <string>
#include <vector>

namespace isolite::results {

/// How much a run says when it ends. None of them hides a failure.
enum class summary_level {
    off,      ///< nothing but what no framework tells
    failures, ///< the verdict, if something failed or is flaky
    usual,    ///< the verdict
    timings,  ///< the verdict, and what everything cost
};

/// Which reports of a run are wanted.
struct wanted_reports {
    summary_level summary = summary_level::usual;
    /// How many of the slowest cases are shown. Default: 10 with the timings, else none.
    std::optional<unsigned> durations;
    /// The file for a report in JUnit's XML. Default: "", none.
    std::string junit;
    /// The file for a page about the run, for a browser. Default: "", none.
    std::string page;
};

/// Shows on stderr what a case wrote, if it wrote anything.
void show_output(const std::string& case_name, const std::string& output);

/// Shows what a failed case wrote, unless that was shown when it failed.
ISOLITE_API void show_output(const std::string& case_name, const case_result& result);

/// Removes what an earlier run wrote to the files of the wanted reports: nobody is to take it for
/// this run's, should that be killed. Behind a link a file is emptied; a pipe or a device is left.
void remove_earlier_reports(const wanted_reports& wanted);

/// Writes the report for JUnit, if it is wanted, and remembers how long the cases took, if that is
/// wanted, too. Returns why the report cannot be written, "" if it can.
[[nodiscard]] std::string write_reports(outcome& outcome, const std::vector<test_case>& cases,
                                        const wanted_reports& wanted, bool remembers = true);

/// Says why a report could not be written, if it could not. Returns whether it could.
[[nodiscard]] bool say_if_unreported(const std::string& why);

/// Exit statuses above it say by which signal a run was stopped.
constexpr int first_of_signals = 128;

/// Writes to stderr what the run says when it ends.
void say_summary(const outcome& outcome, const std::vector<test_case>& cases,
                 const wanted_reports& wanted, const next_commands& commands);

/// Ends a run in the parent, after the framework's own report: writes the summary to stderr.
/// Returns the exit status that the run must have if the framework has nothing to complain about:
/// 0 when all is well.
[[nodiscard]] ISOLITE_API int conclude(const outcome& outcome, const std::vector<test_case>& cases,
                                       const wanted_reports& wanted,
                                       const next_commands& commands = {});

} // namespace isolite::results
