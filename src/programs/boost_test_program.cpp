#include "programs/framework.hpp"
#include "programs/option_words.hpp"
#include "programs/words_of_reports.hpp"
#include "programs/xml_reports.hpp"
#include "text/numbers.hpp"
#include "worker/environment.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

namespace isolite::programs {

namespace {

using results::verdict;

/// A suite or a case in the graph of --list_content=DOT.
struct unit {
    std::string name;
    std::string parent;
    bool is_enabled = true;
    bool is_suite = false;
    unsigned expected_failures = 0;
    std::vector<std::string> needs;
};

/// Reads the graph. Shape: a line for each unit, then one that leads to it from its suite; a dotted
/// one leads to what it depends on.
class listing {
  public:
    explicit listing(const std::string& printed) {
        for (const std::string_view line : lines_of(printed)) {
            const std::string from(line.substr(0, std::min(line.find_first_of("[ "), line.size())));
            if (!starts_with(line, "tu")) {
                continue;
            }
            if (const std::size_t arrow = line.find(" -> "); arrow == from.size()) {
                add_edge(from, line.substr(arrow + 4));
            } else if (from.size() < line.size()) {
                unit one;
                const std::string label = between(line, "label=\"", "\"];");
                one.name = label.substr(0, label.find('|'));
                const auto expected = between(label + "|", "|expected failures=", "|");
                one.expected_failures =
                    text::number_in<unsigned>(expected.substr(0, expected.find('|'))).value_or(0);
                one.is_enabled = line.find(",color=green,") != std::string_view::npos;
                units_[from] = std::move(one);
                order_.push_back(from);
            }
        }
    }

    [[nodiscard]] std::vector<listed_case> cases() const {
        std::vector<listed_case> found;
        std::map<std::string, std::size_t> positions;
        for (const std::string& each : order_) {
            if (!units_.at(each).is_suite && is_enabled(each)) {
                positions[each] = found.size();
                listed_case one;
                one.selector = path_of(each);
                one.known.name = one.selector;
                one.expected_failures = units_.at(each).expected_failures;
                found.push_back(std::move(one));
            }
        }
        for (const auto& [number, position] : positions) {
            for (const std::string& needed : units_.at(number).needs) {
                if (positions.count(needed) > 0) {
                    found[position].known.needs.push_back(positions.at(needed));
                }
            }
        }
        return found;
    }

  private:
    void add_edge(const std::string& from, std::string_view rest) {
        const std::string to(rest.substr(0, std::min(rest.find_first_of("[;"), rest.size())));
        if (rest.find("style=dotted") != std::string_view::npos) {
            units_[from].needs.push_back(to);
        } else {
            units_[to].parent = from;
            units_[from].is_suite = true;
        }
    }

    [[nodiscard]] bool is_root(const std::string& number) const {
        return units_.at(number).parent.empty();
    }

    [[nodiscard]] bool is_enabled(const std::string& number) const {
        const unit& one = units_.at(number);
        return is_root(number) ? one.is_suite : one.is_enabled && is_enabled(one.parent);
    }

    [[nodiscard]] std::string path_of(const std::string& number) const {
        const unit& one = units_.at(number);
        return is_root(one.parent) ? one.name : path_of(one.parent) + "/" + one.name;
    }

    std::map<std::string, unit> units_;
    std::vector<std::string> order_;
};

/// Reads what Boost.Test logs for people: unlike its other logs it is in the file at once.
class running_log {
  public:
    explicit running_log(const std::string& text) {
        for (const std::string_view line : lines_of(text)) {
            if (!enter_or_leave_suite(line)) {
                add(line);
            }
        }
        for (told_case& each : told_) {
            each.why = trimmed(each.why);
        }
    }

    [[nodiscard]] std::vector<told_case> told() const { return told_; }

  private:
    bool enter_or_leave_suite(std::string_view line) {
        if (const auto entered = between(line, "Entering test suite \"", "\""); !entered.empty()) {
            suites_.push_back(entered);
            return true;
        }
        const bool leaves = line.find("Leaving test suite \"") != std::string_view::npos;
        if (leaves && !suites_.empty()) {
            suites_.pop_back();
        }
        return leaves;
    }

    void add(std::string_view line) {
        const auto entered = between(line, "Entering test case \"", "\"");
        if (!entered.empty()) {
            std::vector<std::string> path = suites_;
            path.push_back(entered);
            told_.push_back({joined(path, "/"), verdict::passed, {}, {}, false});
            return;
        }
        const auto skipped = between(line, "Test case \"", "\" is skipped because ");
        if (!skipped.empty() && line.find(" is skipped because disabled") == line.npos) {
            told_.push_back({skipped, verdict::skipped, {}, {}, true});
            return;
        }
        if (told_.empty() || told_.back().has_ended) {
            return;
        }
        told_case& last = told_.back();
        if (line.find("Leaving test case \"") != std::string_view::npos) {
            last.has_ended = true;
            last.duration = testing_time(line);
            return;
        }
        const std::string of = "error: in \"" + last.selector + "\": ";
        const bool is_fatal = line.find(": fatal " + of) != line.npos;
        if (is_fatal || line.find(": " + of) != line.npos) {
            last.verdict = verdict::failed;
            last.failures += is_fatal ? most_failures : 1;
        }
        if (last.verdict == verdict::failed) {
            last.why += std::string(line) + "\n";
        }
    }

    static std::chrono::nanoseconds testing_time(std::string_view line) {
        constexpr std::string_view mark = "; testing time: ";
        const std::size_t found = line.find(mark);
        if (found == std::string_view::npos) {
            return {};
        }
        const int part = ends_with(line, "ms") ? 1000 : ends_with(line, "s") ? 1000000 : 1;
        return seconds_in(std::string(line.substr(found + mark.size()))) / part;
    }

    static constexpr unsigned most_failures = 1000000; // which nobody expects

    std::vector<std::string> suites_;
    std::vector<told_case> told_;
};

/// Reads the report that Boost.Test writes at the end.
void add_reported_unit(const xml_tree& suite, const std::string& path, std::vector<told_case>& to) {
    for (const auto& [kind, element] : suite) {
        const std::string name = path + attribute_of(element, "name");
        if (kind == "TestSuite") {
            add_reported_unit(element, name + "/", to);
        } else if (kind == "TestCase") {
            const std::string result = attribute_of(element, "result");
            told_case one;
            one.selector = name;
            one.has_ended = true;
            one.verdict = starts_with(result, "passed") ? verdict::passed
                          : result == "skipped"         ? verdict::skipped
                                                        : verdict::failed;
            to.push_back(std::move(one));
        }
    }
}

class boost_test_framework : public framework {
  public:
    [[nodiscard]] std::vector<std::string> to_list() const override {
        return {"--list_content=DOT"};
    }

    [[nodiscard]] std::vector<listed_case>
    listed(const std::string& printed,
           const std::vector<std::string>& /*arguments*/) const override {
        return listing(printed).cases();
    }

    [[nodiscard]] std::vector<std::string>
    to_select(const std::vector<std::string>& selectors) const override {
        return {"--run_test=" + joined(selectors, ":")};
    }

    /// Of several such options each adds to what is selected.
    [[nodiscard]] std::vector<std::string>
    to_select_many(const std::vector<std::string>& selectors,
                   const std::string& /*file*/) const override {
        constexpr std::ptrdiff_t at_once = 100;
        std::vector<std::string> options;
        for (auto begin = selectors.begin(); begin != selectors.end();) {
            const auto end = begin + std::min(at_once, selectors.end() - begin);
            options.push_back(to_select({begin, end}).front());
            begin = end;
        }
        return options;
    }

    [[nodiscard]] std::vector<std::string> to_order(std::optional<unsigned> seed) const override {
        if (!seed) {
            return {};
        }
        return {"--random=" + std::to_string(*seed)};
    }

    /// A crash is to end the process: else what comes behind it is not run, and not told.
    [[nodiscard]] std::vector<std::string> to_report(const output_files& files) const override {
        std::vector<std::string> options = to_survive_exit(files);
        options.insert(options.end(), {"--log_level=test_suite", "--log_sink=" + files.log});
        return options;
    }

    [[nodiscard]] std::vector<std::string>
    to_survive_exit(const output_files& files) const override {
        return {"--log_format=HRF",        "--report_format=XML",
                "--report_level=detailed", "--report_sink=" + files.report,
                "--color_output=no",       "--catch_system_errors=no"};
    }

    [[nodiscard]] bool has_come_to_end(const output_files& files) const override {
        return !content_of(files.report).empty();
    }

    [[nodiscard]] std::vector<told_case> told(const output_files& files) const override {
        std::vector<told_case> all = running_log(content_of(files.log)).told();
        std::vector<told_case> at_end;
        if (const auto report = whole_report(content_of(files.report))) {
            if (const auto root = report->get_child_optional("TestResult.TestSuite")) {
                add_reported_unit(*root, "", at_end);
            }
        }
        std::map<std::string, const told_case*> logged;
        for (const told_case& each : all) {
            logged.emplace(each.selector, &each);
        }
        for (told_case& each : at_end) {
            if (const auto found = logged.find(each.selector); found != logged.end()) {
                each.duration = found->second->duration;
                each.why = each.verdict == verdict::failed ? found->second->why : "";
            }
        }
        complete(all, at_end);
        return all;
    }

    [[nodiscard]] std::string crashing_at_exit() const override { return "a log of Boost.Test"; }

    [[nodiscard]] std::vector<bool>
    selecting(const std::vector<std::string>& arguments) const override {
        return std::vector<bool>(arguments.size());
    }

    /// Boost.Test refuses two of an option.
    [[nodiscard]] std::vector<bool>
    ordering_or_reporting(const std::vector<std::string>& arguments) const override {
        return options_among(
            arguments,
            {{"--random"},
             {"--log_format", "--log_level", "--log_sink", "--report_format", "--report_level",
              "--report_sink", "--color_output", "--catch_system_errors", "--logger",
              "--output_format", "-f", "-l", "-k", "-m", "-r", "-e", "-x", "-s", "-o"}});
    }

    [[nodiscard]] std::string refusal(const std::vector<std::string>& arguments) const override {
        const auto selects = [](const std::string& each) {
            return starts_with(each, "--run") || each == "-t" || starts_with(each, "-t=");
        };
        const auto end = std::find(arguments.begin(), arguments.end(), "--");
        if (std::any_of(arguments.begin(), end, selects)) {
            return "Boost.Test does not list what --run_test selects";
        }
        return workers::environment::of_process().find("BOOST_TEST_RUN_FILTERS")
                   ? "Boost.Test does not list what BOOST_TEST_RUN_FILTERS selects"
                   : "";
    }
};

} // namespace

const framework& boost_test() {
    static const boost_test_framework only;
    return only;
}

} // namespace isolite::programs
