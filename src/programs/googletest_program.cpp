#include "programs/framework.hpp"
#include "programs/words_of_reports.hpp"
#include "programs/xml_reports.hpp"
#include "worker/environment.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace isolite::programs {

namespace {

using results::verdict;

/// Tells what GoogleTest prints while cases run: it writes its report at the end.
std::vector<told_case> told_while_running(const std::string& printed) {
    constexpr std::string_view run = "[ RUN      ] ";
    using end = std::pair<std::string_view, verdict>;
    static const std::array<end, 3> ends = {end("[       OK ] ", verdict::passed),
                                            end("[  FAILED  ] ", verdict::failed),
                                            end("[  SKIPPED ] ", verdict::skipped)};
    std::vector<told_case> told;
    for (const std::string_view line : lines_of(printed)) {
        const bool is_open = !told.empty() && !told.back().has_ended;
        // What a case prints without an end of line stands in front of it.
        if (const std::size_t begin = line.find(run); begin != std::string_view::npos) {
            if (!is_open) {
                told.push_back({trimmed(line.substr(begin + run.size())), {}, {}, {}, false});
            }
            continue;
        }
        if (!is_open) {
            continue;
        }
        told_case& last = told.back();
        for (const auto& [mark, became] : ends) {
            const std::string known = std::string(mark) + last.selector;
            const std::size_t found = line.find(known);
            const std::string_view rest =
                found == std::string_view::npos ? "" : line.substr(found + known.size());
            if (starts_with(rest, " (") || starts_with(rest, ", where ")) {
                last.verdict = became;
                last.has_ended = true;
                last.duration = seconds_in(between(rest, "(", " ms)")) / 1000;
            }
        }
        if (!last.has_ended) {
            last.why += std::string(line) + "\n";
        }
    }
    for (told_case& each : told) {
        each.why = each.verdict == verdict::failed ? trimmed(each.why) : "";
    }
    return told;
}

void add_reported_test(const xml_tree& element, std::vector<told_case>& told) {
    const std::string result = attribute_of(element, "result");
    if (attribute_of(element, "status") == "notrun") {
        return;
    }
    told_case one;
    one.selector = attribute_of(element, "classname") + "." + attribute_of(element, "name");
    one.verdict = verdict::passed;
    one.has_ended = true;
    one.duration = seconds_in(attribute_of(element, "time"));
    for (const auto& [name, child] : element) {
        if (name == "failure") {
            one.verdict = verdict::failed;
            one.why += (one.why.empty() ? "" : "\n") + attribute_of(child, "message");
        } else if (name == "skipped" && one.verdict != verdict::failed) {
            one.verdict = verdict::skipped;
        }
    }
    if (result == "skipped") {
        one.verdict = verdict::skipped;
    }
    told.push_back(std::move(one));
}

class googletest_framework : public framework {
  public:
    [[nodiscard]] std::vector<std::string> to_list() const override {
        return {"--gtest_list_tests", "--gtest_output="}; // else the list goes where reports do
    }

    [[nodiscard]] std::vector<listed_case>
    listed(const std::string& printed, const std::vector<std::string>& arguments) const override {
        const bool runs_all = runs_disabled(arguments);
        std::vector<listed_case> found;
        std::string suite;
        for (const std::string_view line : lines_of(printed)) {
            const std::string name = trimmed(line.substr(0, line.find("  # ")));
            const bool is_case = starts_with(line, "  ") && !suite.empty();
            if (!is_case) {
                suite = ends_with(name, ".") && name.find(' ') == std::string::npos
                            ? name.substr(0, name.size() - 1)
                            : "";
            } else if (runs_all || (!is_disabled(suite) && !is_disabled(name))) {
                listed_case one;
                one.selector = suite + "." + name;
                one.known.name = one.selector;
                one.known.suite = suite;
                found.push_back(std::move(one));
            }
        }
        return found;
    }

    [[nodiscard]] std::vector<std::string>
    to_select(const std::vector<std::string>& selectors) const override {
        return {"--gtest_filter=" + joined(selectors, ":")};
    }

    [[nodiscard]] std::vector<std::string> to_select_many(const std::vector<std::string>& selectors,
                                                          const std::string& file) const override {
        write_for_program(file, to_select(selectors).front() + "\n");
        return {"--gtest_flagfile=" + file};
    }

    [[nodiscard]] std::vector<std::string> to_order(std::optional<unsigned> seed) const override {
        if (!seed) {
            return {};
        }
        return {"--gtest_shuffle", "--gtest_random_seed=" + std::to_string(*seed)};
    }

    [[nodiscard]] std::vector<std::string> to_report(const output_files& files) const override {
        return {"--gtest_color=no", "--gtest_repeat=1", "--gtest_output=xml:" + files.report};
    }

    [[nodiscard]] std::vector<told_case> told(const output_files& files) const override {
        std::vector<told_case> all = told_while_running(content_of(files.printed));
        std::vector<told_case> at_end;
        const auto report = whole_report(content_of(files.report));
        const xml_tree suites = report ? report->get_child("testsuites", xml_tree()) : xml_tree();
        for (const auto& [name, suite] : suites) {
            for (const auto& [kind, element] : suite) {
                if (kind == "testcase") {
                    add_reported_test(element, at_end);
                }
            }
        }
        complete(all, at_end);
        return all;
    }

    [[nodiscard]] std::vector<bool>
    selecting(const std::vector<std::string>& arguments) const override {
        std::vector<bool> found;
        for (const std::string& each : arguments) {
            found.push_back(starts_with(each, "--gtest_filter="));
        }
        return found;
    }

  private:
    /// The last such option counts, and before it the variable.
    static bool runs_disabled(const std::vector<std::string>& arguments) {
        constexpr std::string_view option = "gtest_also_run_disabled_tests";
        const auto variable =
            workers::environment::of_process().find("GTEST_ALSO_RUN_DISABLED_TESTS");
        bool runs = variable && *variable != "0";
        for (const std::string& each : arguments) {
            const std::string name = each.substr(0, each.find('='));
            if (name == "--" + std::string(option) || name == "-" + std::string(option)) {
                const std::string value = each.substr(std::min(name.size() + 1, each.size()));
                runs = value != "0" && value != "f" && value != "F";
            }
        }
        return runs;
    }

    /// They are listed in any case.
    static bool is_disabled(std::string_view name) {
        return starts_with(name, "DISABLED_") || name.find("/DISABLED_") != std::string_view::npos;
    }
};

} // namespace

const framework& googletest() {
    static const googletest_framework only;
    return only;
}

} // namespace isolite::programs
