#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isolite::programs {

/// A case as a program lists it.
struct listed_case {
    results::test_case known;       ///< the name for people, and what it needs
    std::string selector;           ///< what its framework selects it by, and tells of it
    unsigned expected_failures = 0; ///< of assertions, with which it passes
};

/// What a program told of a case.
struct told_case {
    std::string selector;
    results::verdict verdict = results::verdict::not_run;
    std::string why;
    std::chrono::nanoseconds duration{0};
    bool has_ended = false;
    /// Assertions that have failed, where it is not told whether they were expected.
    unsigned failures = 0;
    bool timed_out = false; ///< Its process was ended in it.
};

/// Where a process writes: what it prints, the report of its framework, and what that tells while
/// cases run.
struct output_files {
    std::string printed;
    std::string report;
    std::string log;
    std::string selected = {}; ///< which it reads: the cases that it is to run
};

/// The options and the reports of a test framework. It knows no processes.
class framework {
  public:
    framework() = default;
    framework(const framework&) = delete;
    framework& operator=(const framework&) = delete;
    virtual ~framework() = default;

    /// Returns the options by which a program lists its cases and runs none.
    [[nodiscard]] virtual std::vector<std::string> to_list() const = 0;

    /// Returns the cases that a program has listed in what it printed, and that run with these
    /// arguments of a user.
    [[nodiscard]] virtual std::vector<listed_case>
    listed(const std::string& printed, const std::vector<std::string>& arguments) const = 0;

    /// Returns the options that select cases.
    [[nodiscard]] virtual std::vector<std::string>
    to_select(const std::vector<std::string>& selectors) const = 0;

    /// Returns those for more cases than one argument has room for. `file`: for the program to
    /// read.
    [[nodiscard]] virtual std::vector<std::string>
    to_select_many(const std::vector<std::string>& selectors, const std::string& file) const = 0;

    /// Returns the options by which cases run in the order of a seed, or as they are listed.
    [[nodiscard]] virtual std::vector<std::string> to_order(std::optional<unsigned> seed) const = 0;

    /// Returns the options by which a program writes what it did to files.
    [[nodiscard]] virtual std::vector<std::string> to_report(const output_files& files) const = 0;

    /// Returns what a program has told so far, in the order in which cases began. The last one has
    /// not ended where the program ended in it.
    [[nodiscard]] virtual std::vector<told_case> told(const output_files& files) const = 0;

    /// Returns what crashes (SIGSEGV) when a case calls `exit`, while it is written; "" if nothing
    /// does.
    [[nodiscard]] virtual std::string crashing_at_exit() const { return ""; }

    /// Returns the options by which a program writes less than for `to_report`, and nothing
    /// crashes.
    [[nodiscard]] virtual std::vector<std::string>
    to_survive_exit(const output_files& /*files*/) const {
        return {};
    }

    /// Says whether a program has written, by these options, that it ran all that it was to run.
    [[nodiscard]] virtual bool has_come_to_end(const output_files& /*files*/) const { return true; }

    /// Says which of the arguments of a user select cases, so that `to_select` stands for them.
    /// Shape: as many as the arguments.
    [[nodiscard]] virtual std::vector<bool>
    selecting(const std::vector<std::string>& arguments) const = 0;

    /// Says which of them ask for an order or a report, so that `to_order` and `to_report` stand
    /// for them. Shape: as many as the arguments.
    [[nodiscard]] virtual std::vector<bool>
    ordering_or_reporting(const std::vector<std::string>& arguments) const {
        return std::vector<bool>(arguments.size());
    }

    /// Returns why cases cannot be selected by these arguments of a user, "" if they can.
    [[nodiscard]] virtual std::string refusal(const std::vector<std::string>& /*arguments*/) const {
        return "";
    }
};

/// Returns what a file has, "" where there is none.
[[nodiscard]] std::string content_of(const std::string& path);

/// Writes a file for a program to read; where that fails the program complains that it is not
/// there.
void write_for_program(const std::string& path, const std::string& content);

/// Takes what a report tells of cases at the end of a run for what was told while they ran, which
/// says less; cases of which nothing was told come last.
void complete(std::vector<told_case>& told, const std::vector<told_case>& at_end);

/// Returns the framework that a program with this answer to --help has; null for none of them.
[[nodiscard]] const framework* framework_by_help(std::string_view answer);

[[nodiscard]] const framework& boost_test();
[[nodiscard]] const framework& catch2_version_2();
[[nodiscard]] const framework& catch2_version_3();
[[nodiscard]] const framework& doctest_framework();
[[nodiscard]] const framework& googletest();

} // namespace isolite::programs
