#include "results/reports.hpp"

#include "error/warning.hpp"
#include "os/files.hpp"
#include "os/own_process.hpp"
#include "os/terminal.hpp"
#include "os/whole_file.hpp"
#include "results/junit.hpp"
#include "results/past_runs.hpp"
#include "results/timings.hpp"
#include "results/verdict.hpp"
#include "text/utf8.hpp"

#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace isolite::results {

namespace {

/// Writes the report for JUnit if one is wanted. Returns why it could not be written, or "".
std::string write_junit_report(const outcome& outcome, const std::vector<test_case>& cases,
                               const wanted_reports& wanted) {
    if (wanted.junit.empty()) {
        return "";
    }
    const auto written = write_junit(wanted.junit, outcome, cases, os::program_name());
    return written ? "" : written.error().text();
}

/// Shows what a sanitizer said in cases that passed, which no framework shows.
void show_reports_in_passed(const outcome& outcome, const std::vector<test_case>& cases) {
    for (std::size_t position = 0; position < cases.size(); ++position) {
        const case_result& result = outcome.results[position];
        if (result.verdict == verdict::passed && !result.flaky()) {
            show_output(cases[position].name, result.output);
        }
    }
}

/// Returns the status of a run in which a worker ended with this one: the same, as in one process,
/// if it says nothing else to whoever runs test programs.
int status_told_by(int of_worker) {
    constexpr int skipped = 77; // to Meson and Automake
    constexpr int broken = 99;
    const bool is_taken =
        of_worker == skipped || of_worker == broken || of_worker > first_of_signals;
    return is_taken ? EXIT_FAILURE : of_worker;
}

} // namespace

void show_output(const std::string& case_name, const std::string& output) {
    if (output.empty()) {
        return;
    }
    std::cout.flush();
    std::fflush(stdout);
    std::fprintf(stderr, "isolite: output of %s:\n", text::printable(case_name).c_str());
    std::fwrite(output.data(), 1, output.size(), stderr);
    if (output.back() != '\n') {
        std::fputc('\n', stderr);
    }
}

void show_output(const std::string& case_name, const case_result& result) {
    if (!result.is_told) {
        show_output(case_name, result.output);
    }
}

// What cannot be removed can hardly be written: that is told at the end.
void remove_earlier_reports(const wanted_reports& wanted) {
    for (const std::string& file : {wanted.junit, wanted.page}) {
        const auto named = os::look_at(file);
        const auto behind = os::look_behind(file);
        if (named && named->is_regular()) {
            os::remove_file(file);
        } else if (behind && behind->is_regular()) {
            static_cast<void>(os::write_to_file(file, ""));
        }
    }
}

std::string write_reports(outcome& outcome, const std::vector<test_case>& cases,
                          const wanted_reports& wanted, bool remembers) {
    outcome.is_remembered = remembers && past_runs::record(cases, outcome);
    return write_junit_report(outcome, cases, wanted);
}

bool say_if_unreported(const std::string& why) {
    if (!why.empty()) {
        warnings::complain(why);
    }
    return why.empty();
}

void say_summary(const outcome& outcome, const std::vector<test_case>& cases,
                 const wanted_reports& wanted, const next_commands& commands) {
    constexpr unsigned usual_slowest = 10;
    const bool tables = wanted.summary == summary_level::timings;
    const std::string timings =
        timings_of(outcome, cases, {tables, wanted.durations.value_or(tables ? usual_slowest : 0)});
    const bool is_wanted = wanted.summary == summary_level::off ? !outcome.all_is_well()
                           : wanted.summary == summary_level::failures
                               ? has_something_to_tell(outcome)
                               : true;
    std::string text = timings;
    if (is_wanted) {
        next_commands wanted_commands = commands;
        wanted_commands.timings = tables ? "" : commands.timings; // which are there
        text += (text.empty() ? "" : "\n") +
                verdict_of(outcome, cases, wanted_commands, os::has_colours_on_stderr());
    }
    if (!text.empty()) {
        std::cout.flush();
        std::fflush(stdout);
        std::fprintf(stderr, "%s\n", text.c_str());
    }
}

int conclude(const outcome& outcome, const std::vector<test_case>& cases,
             const wanted_reports& wanted, const next_commands& commands) {
    const bool all_well = outcome.all_is_well();
    show_reports_in_passed(outcome, cases);
    say_summary(outcome, cases, wanted, commands);
    // What failed outside of cases the adapter has told since the report was written.
    const std::string unreported = outcome.failures_outside.empty()
                                       ? outcome.unreported
                                       : write_junit_report(outcome, cases, wanted);
    int status = say_if_unreported(unreported) && all_well ? 0 : 1;
    if (status != 0 && outcome.status_of_workers != 0) {
        status = status_told_by(outcome.status_of_workers);
    }
    if (outcome.interrupted_by != 0) {
        status = first_of_signals + outcome.interrupted_by;
    }
    return status;
}

} // namespace isolite::results
