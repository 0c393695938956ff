#include "programs/expressions.hpp"
#include "programs/framework.hpp"
#include "programs/option_words.hpp"
#include "programs/words_of_reports.hpp"

#include <set>
#include <utility>

namespace isolite::programs {

namespace {

using results::verdict;

told_case told_by_catch2(const reported_element& reported) {
    told_case one;
    one.selector = attribute_of(reported.tree, "name");
    const auto ended = reported.tree.get_child_optional("OverallResult");
    if (reported.has_end && ended) {
        const std::string skips = attribute_of(*ended, "skips");
        one.verdict = attribute_of(*ended, "success") != "true" ? verdict::failed
                      : skips.empty() || skips == "0"           ? verdict::passed
                                                                : verdict::skipped;
        one.why = one.verdict == verdict::failed ? failures_in(reported.tree) : "";
        one.duration = seconds_in(attribute_of(*ended, "durationInSeconds"));
        one.has_ended = true;
    }
    return one;
}

/// Returns cases of these names, each once.
std::vector<listed_case> cases_of(const std::vector<std::string>& names) {
    std::vector<listed_case> found;
    std::set<std::string> known = {""};
    for (const std::string& name : names) {
        if (known.insert(name).second) {
            listed_case one;
            one.known.name = name;
            one.selector = name;
            found.push_back(std::move(one));
        }
    }
    return found;
}

/// Says whether the word behind an option of Catch2 belongs to it.
bool takes_value(const std::string& option) {
    static const std::set<std::string> alone = {"-?",
                                                "-h",
                                                "--help",
                                                "-s",
                                                "--success",
                                                "-b",
                                                "--break",
                                                "-e",
                                                "--nothrow",
                                                "-i",
                                                "--invisibles",
                                                "-a",
                                                "--abort",
                                                "-#",
                                                "--filenames-as-tags",
                                                "--benchmark-no-analysis",
                                                "--skip-benchmarks",
                                                "--allow-running-no-tests"};
    return option.find('=') == std::string::npos && alone.count(option) == 0;
}

class catch2_framework : public framework {
  public:
    [[nodiscard]] std::vector<std::string>
    to_select(const std::vector<std::string>& selectors) const override {
        return {joined(patterns_of(selectors), ",")};
    }

    [[nodiscard]] std::vector<std::string> to_select_many(const std::vector<std::string>& selectors,
                                                          const std::string& file) const override {
        write_for_program(file, joined(patterns_of(selectors), "\n") + "\n");
        return {"--input-file", file};
    }

    [[nodiscard]] std::vector<std::string> to_order(std::optional<unsigned> seed) const override {
        if (!seed) {
            return {};
        }
        return {"--order", "rand", "--rng-seed", std::to_string(*seed)};
    }

    [[nodiscard]] std::vector<std::string> to_report(const output_files& files) const override {
        return {"--reporter", "xml", "--out", files.report, "--durations", "yes"};
    }

    [[nodiscard]] std::vector<told_case> told(const output_files& files) const override {
        std::vector<told_case> all;
        for (const reported_element& each : elements_of(content_of(files.report), "TestCase")) {
            all.push_back(told_by_catch2(each));
        }
        return all;
    }

    /// Meanwhile `std::cout` has a buffer that is gone when `exit` flushes it. Of other crashes in
    /// a case Catch2 tells itself.
    [[nodiscard]] std::string crashing_at_exit() const override { return "a report of Catch2"; }

    /// This reporter leaves `std::cout` as it is.
    [[nodiscard]] std::vector<std::string>
    to_survive_exit(const output_files& files) const override {
        return {"--reporter", "console", "--out", files.report};
    }

    [[nodiscard]] bool has_come_to_end(const output_files& files) const override {
        const std::string text = content_of(files.report);
        return text.find("test cases:") != std::string::npos ||
               text.find(" passed (") != std::string::npos;
    }

    /// What is no option, and not the value of one, is a name, a pattern or a tag; files have more.
    [[nodiscard]] std::vector<bool>
    selecting(const std::vector<std::string>& arguments) const override {
        std::vector<bool> found = options_among(arguments, {{}, {"-f", "--input-file"}});
        bool is_value = false;
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            const std::string& each = arguments[i];
            const bool is_option = starts_with(each, "-") && !is_value;
            found[i] = found[i] || (!is_option && !is_value);
            is_value = is_option && takes_value(each);
        }
        return found;
    }

    /// Catch2 refuses two of an option.
    [[nodiscard]] std::vector<bool>
    ordering_or_reporting(const std::vector<std::string>& arguments) const override {
        return options_among(arguments, {{},
                                         {"--order", "--rng-seed", "-r", "--reporter", "-o",
                                          "--out", "-d", "--durations", "-v", "--verbosity"}});
    }

  private:
    static std::vector<std::string> patterns_of(const std::vector<std::string>& selectors) {
        std::vector<std::string> patterns;
        for (const std::string& each : selectors) {
            patterns.push_back('"' + escaped(each, "\\\",") + '"');
            if (starts_with(each, "exclude:")) { // which Catch2 takes for its own, also in quotes
                patterns.back().replace(1, 1, "*");
            }
        }
        return patterns;
    }
};

class version_2 : public catch2_framework {
  public:
    [[nodiscard]] std::vector<std::string> to_list() const override {
        return {"--list-test-names-only", "--order", "decl", "--verbosity", "high"};
    }

    /// Shape: names, each with its place in the sources, which ends a line, behind it; one that
    /// begins with # in quotes.
    [[nodiscard]] std::vector<listed_case>
    listed(const std::string& printed,
           const std::vector<std::string>& /*arguments*/) const override {
        constexpr std::string_view before_place = "\t@";
        std::vector<std::string> names;
        std::string name;
        for (const std::string_view line : lines_of(printed)) {
            const std::size_t place = line.rfind(before_place);
            name += line.substr(0, place);
            if (place == std::string_view::npos) {
                name += '\n'; // in a name
                continue;
            }
            const bool is_quoted = starts_with(name, "\"#") && ends_with(name, "\"");
            names.push_back(is_quoted ? between(name, "\"", "\"") : name);
            name.clear();
        }
        return cases_of(names);
    }
};

class version_3 : public catch2_framework {
  public:
    /// Since 3.9 they run in an order by chance.
    [[nodiscard]] std::vector<std::string> to_order(std::optional<unsigned> seed) const override {
        return seed ? catch2_framework::to_order(seed)
                    : std::vector<std::string>{"--order", "decl"};
    }

    [[nodiscard]] std::vector<std::string> to_list() const override {
        return {"--list-tests", "--reporter", "xml", "--order", "decl"};
    }

    [[nodiscard]] std::vector<listed_case>
    listed(const std::string& printed,
           const std::vector<std::string>& /*arguments*/) const override {
        std::vector<std::string> names;
        for (const reported_element& each : elements_of(printed, "TestCase")) {
            names.push_back(each.tree.get<std::string>("Name", ""));
        }
        return cases_of(names);
    }
};

} // namespace

const framework& catch2_version_2() {
    static const version_2 only;
    return only;
}

const framework& catch2_version_3() {
    static const version_3 only;
    return only;
}

} // namespace isolite::programs
