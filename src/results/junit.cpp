#include "results/junit.hpp"

#include "os/files.hpp"
#include "os/whole_file.hpp"
#include "text/long_text.hpp"
#include "text/xml_text.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>

namespace isolite::results {

namespace {

using std::chrono::nanoseconds;
using text::without_middle;

/// How a case may end; what comes last counts as skipped in JUnit.
enum class ending { passed, flaky, failed, died, skipped, not_run, left_out };

ending ending_of(const case_result& result) {
    switch (result.verdict) {
    case verdict::passed:
        return result.flaky() ? ending::flaky : ending::passed;
    case verdict::failed:
        return result.death.empty() ? ending::failed : ending::died;
    case verdict::skipped:
        return ending::skipped;
    case verdict::left_out:
        return ending::left_out;
    case verdict::not_run:
        break;
    }
    return ending::not_run;
}

/// What failed in a suite outside of its cases, which is told as a case of its own.
struct nobodys_failure {
    const char* name;
    const char* type;
    std::string file;
    unsigned line = 0;
    std::string why;
};

/// The cases of one suite.
struct suite {
    std::string name;
    std::vector<std::size_t> positions;
    std::vector<nobodys_failure> outside;
};

struct counts {
    std::size_t tests = 0;
    std::size_t failures = 0;
    std::size_t errors = 0;
    std::size_t skipped = 0;

    void add(const case_result& result) {
        const ending end = ending_of(result);
        ++tests;
        failures += end == ending::failed ? 1U : 0U;
        errors += end == ending::died ? 1U : 0U;
        skipped += end >= ending::skipped ? 1U : 0U;
    }

    void add(const nobodys_failure& /*failure*/) {
        ++tests;
        ++errors;
    }
};

std::string attribute(const char* name, const std::string& value) {
    return std::string(" ") + name + "=\"" + text::xml_attribute(value) + "\"";
}

/// Returns seconds; not by way of a floating-point number, which some locales write with a comma.
std::string seconds_of(nanoseconds time) {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
    const std::string fraction = std::to_string(us % 1'000'000);
    return std::to_string(us / 1'000'000) + "." + std::string(6 - fraction.size(), '0') + fraction;
}

std::string attributes_of(const counts& all, nanoseconds time, const std::string& name) {
    return attribute("name", name) + attribute("tests", std::to_string(all.tests)) +
           attribute("failures", std::to_string(all.failures)) +
           attribute("errors", std::to_string(all.errors)) +
           attribute("skipped", std::to_string(all.skipped)) + attribute("time", seconds_of(time));
}

/// The suites of a report, in the order of their first cases.
class suites {
  public:
    explicit suites(std::string of_the_rest) : of_the_rest_(std::move(of_the_rest)) {}

    /// Returns the suite of a name, "" for what is in none.
    suite& of(const std::string& suite_name) {
        const std::string& name = suite_name.empty() ? of_the_rest_ : suite_name;
        const auto found = std::find_if(all_.begin(), all_.end(),
                                        [&](const suite& each) { return each.name == name; });
        return found == all_.end() ? all_.emplace_back(suite{name, {}, {}}) : *found;
    }

    /// Adds a failure; those that nobody could tell apart are one.
    void add(const std::string& suite_name, nobodys_failure failure) {
        std::vector<nobodys_failure>& outside = of(suite_name).outside;
        if (!outside.empty() && outside.back().name == failure.name) {
            outside.back().why += "\n" + failure.why;
        } else {
            outside.push_back(std::move(failure));
        }
    }

    [[nodiscard]] const std::vector<suite>& all() const { return all_; }

  private:
    std::string of_the_rest_;
    std::vector<suite> all_;
};

constexpr const char* fixture = "(fixture)";
constexpr const char* worker = "(worker)";

suites suites_of(const outcome& run, const std::vector<test_case>& cases,
                 const std::string& of_the_rest) {
    suites found(of_the_rest);
    for (std::size_t i = 0; i < cases.size(); ++i) {
        found.of(cases[i].suite).positions.push_back(i);
    }
    for (const outside_failure& failure : run.failures_outside) {
        found.add(failure.suite, {fixture, "failure", failure.file, failure.line, failure.why});
    }
    for (const fixture_death& death : run.deaths_in_fixtures) {
        const outside_failure& of = death.failure;
        found.add(of.suite, {fixture, "death", of.file, of.line, death.text()});
    }
    for (const std::string& trouble : run.troubles) {
        found.add("", {worker, "death", "", 0, trouble});
    }
    return found;
}

/// Returns the name of a case without its suite, unless nothing would be left.
std::string name_in_suite(const test_case& of) {
    const std::size_t start = of.suite.size() + 1;
    const bool has_suite = !of.suite.empty() && of.name.size() > start &&
                           of.name.compare(0, start - 1, of.suite) == 0 &&
                           (of.name[start - 1] == '/' || of.name[start - 1] == '.');
    return has_suite ? of.name.substr(start) : of.name;
}

/// Returns why a case failed, in a line.
std::string headline(const case_result& result) {
    std::string line = text::first_line(result.death.empty() ? result.why : result.death);
    if (result.attempts <= 1 || result.interrupted) {
        return line.empty() ? "failed" : line;
    }
    return "failed " + std::to_string(result.failures) + " of " + std::to_string(result.attempts) +
           " times" + (line.empty() ? "" : ": " + line);
}

/// Returns all that is known of why a case failed.
std::string explanation(const case_result& result) {
    if (result.death.empty() || result.why.empty() || result.why == result.death) {
        return result.death.empty() ? result.why : result.death;
    }
    return result.death + "\n" + result.why;
}

/// Some readers show the attribute, others the text, which is never empty therefore.
std::string failure_element(const char* element, const char* type, const std::string& message,
                            const std::string& text) {
    return std::string("      <") + element + attribute("message", message) +
           attribute("type", type) + ">" +
           text::xml_text(without_middle(text.empty() ? message : text)) + "</" + element + ">\n";
}

std::string failure_element(const char* element, const case_result& result) {
    return failure_element(element, result.death.empty() ? "failure" : "death", headline(result),
                           explanation(result));
}

std::string skipped_element(const std::string& message) {
    return "      <skipped" + attribute("message", message) + ">" + text::xml_text(message) +
           "</skipped>\n";
}

std::string element_of_ending(const case_result& result) {
    switch (ending_of(result)) {
    case ending::passed:
        break;
    case ending::flaky:
        return failure_element("flakyFailure", result);
    case ending::failed:
        return failure_element("failure", result);
    case ending::died:
        return failure_element("error", result);
    case ending::skipped:
        return skipped_element(without_middle(result.why));
    case ending::not_run:
        return skipped_element(result.why.empty() ? "not run"
                                                  : "not run: " + without_middle(result.why));
    case ending::left_out:
        return skipped_element("left out by --failed: it passed the last time");
    }
    return "";
}

std::string property(const char* name, const std::string& value) {
    return std::string("        <property") + attribute("name", name) + attribute("value", value) +
           "/>\n";
}

/// A case that nobody tried has no worker.
std::string properties_of(const case_result& result, const outcome& run) {
    if (result.attempts == 0) {
        return "";
    }
    const bool has_name = result.worker < run.workers.size();
    return "      <properties>\n" +
           property("worker",
                    has_name ? run.workers[result.worker].name : std::to_string(result.worker)) +
           property("attempts", std::to_string(result.attempts)) + "      </properties>\n";
}

/// Returns the attributes that tell a case from others.
std::string identity_of(const std::string& name, const std::string& suite, const std::string& file,
                        unsigned line) {
    return attribute("name", name) + attribute("classname", suite) +
           (file.empty() ? "" : attribute("file", file)) +
           (line == 0 ? "" : attribute("line", std::to_string(line)));
}

std::string case_element(const test_case& of, const case_result& result, const std::string& suite,
                         const outcome& run) {
    const bool completed = result.verdict == verdict::passed || result.verdict == verdict::failed;
    std::string text = "    <testcase" + identity_of(name_in_suite(of), suite, of.file, of.line);
    text += attribute("time", seconds_of(result.duration));
    text += attribute("status", completed || result.attempts > 0 ? "run" : "notrun");
    text += attribute("result", completed ? "completed" : "skipped");
    text += ">\n" + properties_of(result, run) + element_of_ending(result);
    if (!result.output.empty()) {
        text += "      <system-out>" + text::xml_text(without_middle(result.output)) +
                "</system-out>\n";
    }
    return text + "    </testcase>\n";
}

std::string case_element(const nobodys_failure& of, const std::string& suite) {
    return "    <testcase" + identity_of(of.name, suite, of.file, of.line) +
           attribute("time", seconds_of(nanoseconds(0))) + attribute("status", "run") +
           attribute("result", "completed") + ">\n" +
           failure_element("error", of.type, text::first_line(of.why), of.why) +
           "    </testcase>\n";
}

std::string suite_element(const suite& of, const outcome& run,
                          const std::vector<test_case>& cases) {
    counts all;
    nanoseconds time{0};
    std::string text;
    for (const std::size_t i : of.positions) {
        all.add(run.results[i]);
        time += run.results[i].duration;
        text += case_element(cases[i], run.results[i], of.name, run);
    }
    for (const nobodys_failure& failure : of.outside) {
        all.add(failure);
        text += case_element(failure, of.name);
    }
    return "  <testsuite" + attributes_of(all, time, of.name) + ">\n" + text + "  </testsuite>\n";
}

std::string hint_for(int cause) {
    switch (cause) {
    case ENOENT:
    case ENOTDIR:
        return "make its directory first";
    case EISDIR:
        return "it is a directory: name a file in it";
    case ENOSPC:
    case EDQUOT:
        return "free space there, or name a file elsewhere";
    case ENAMETOOLONG:
        return "name a file with a shorter path";
    default:
        return "name a file in a directory that this user can write to";
    }
}

} // namespace

std::string junit_of(const outcome& run, const std::vector<test_case>& cases,
                     const std::string& suite_of_suites) {
    counts all;
    for (const case_result& result : run.results) {
        all.add(result);
    }
    const suites suites = suites_of(run, cases, suite_of_suites);
    for (const suite& suite : suites.all()) {
        for (const nobodys_failure& failure : suite.outside) {
            all.add(failure);
        }
    }
    std::string text = R"(<?xml version="1.0" encoding="UTF-8"?>)";
    text += "\n<testsuites" + attributes_of(all, run.wall, suite_of_suites) + ">\n";
    for (const suite& suite : suites.all()) {
        text += suite_element(suite, run, cases);
    }
    return text + "</testsuites>\n";
}

result<void> write_junit(const std::string& file, const outcome& run,
                         const std::vector<test_case>& cases, const std::string& suite_of_suites) {
    const std::string text = junit_of(run, cases, suite_of_suites);
    // Root could rename a report to /dev/null, and a link would be lost.
    const auto facts = os::look_at(file);
    const bool is_special = facts && !facts->is_regular();
    const int failure = is_special ? os::write_to_file(file, text) : os::replace_file(file, text);
    if (failure != 0) {
        return tl::unexpected(
            error{errc::system, "write the JUnit report " + file + ": " + std::strerror(failure),
                  hint_for(failure)});
    }
    return {};
}

} // namespace isolite::results
