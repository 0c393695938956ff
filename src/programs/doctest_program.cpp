#include "programs/expressions.hpp"
#include "programs/framework.hpp"
#include "programs/words_of_reports.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace isolite::programs {

namespace {

using results::verdict;

told_case told_by_doctest(const reported_element& reported) {
    told_case one;
    one.selector = attribute_of(reported.tree, "name");
    const auto ended = reported.tree.get_child_optional("OverallResultsAsserts");
    if (reported.has_end && ended) {
        const std::string success = attribute_of(*ended, "test_case_success");
        const bool is_well =
            success.empty() ? attribute_of(*ended, "failures") == "0" : success == "true";
        one.verdict = is_well ? verdict::passed : verdict::failed;
        one.why = is_well ? "" : failures_in(reported.tree);
        one.duration = seconds_in(attribute_of(*ended, "duration"));
        one.has_ended = true;
    }
    return one;
}

class doctest_options : public framework {
  public:
    [[nodiscard]] std::vector<std::string> to_list() const override {
        return {"--list-test-cases", "--reporters=xml"};
    }

    /// Of what is skipped it lists only what runs all the same, by --no-skip.
    [[nodiscard]] std::vector<listed_case>
    listed(const std::string& printed,
           const std::vector<std::string>& /*arguments*/) const override {
        std::vector<listed_case> found;
        std::set<std::string> known;
        for (const reported_element& each : elements_of(printed, "TestCase")) {
            listed_case one;
            one.selector = attribute_of(each.tree, "name");
            one.known.suite = attribute_of(each.tree, "testsuite");
            one.known.name =
                one.known.suite.empty() ? one.selector : one.known.suite + "/" + one.selector;
            if (known.insert(one.selector).second) {
                found.push_back(std::move(one));
            }
        }
        return found;
    }

    [[nodiscard]] std::vector<std::string>
    to_select(const std::vector<std::string>& selectors) const override {
        std::vector<std::string> patterns;
        for (std::string each : selectors) {
            // A comma ends a pattern, and not each version knows a backslash.
            std::replace(each.begin(), each.end(), ',', '?');
            std::replace(each.begin(), each.end(), '\\', '?');
            patterns.push_back(std::move(each));
        }
        return {"--test-case=" + joined(patterns, ",")};
    }

    /// doctest heeds one such option, and reads no file.
    [[nodiscard]] std::vector<std::string>
    to_select_many(const std::vector<std::string>& selectors,
                   const std::string& /*file*/) const override {
        return to_select(selectors);
    }

    [[nodiscard]] std::vector<std::string> to_order(std::optional<unsigned> seed) const override {
        if (!seed) {
            return {};
        }
        return {"--order-by=rand", "--rand-seed=" + std::to_string(*seed)};
    }

    [[nodiscard]] std::vector<std::string> to_report(const output_files& files) const override {
        return {"--reporters=xml", "--out=" + files.report, "--duration=true",
                "--case-sensitive=true"};
    }

    [[nodiscard]] std::vector<told_case> told(const output_files& files) const override {
        std::vector<told_case> all;
        for (const reported_element& each : elements_of(content_of(files.report), "TestCase")) {
            if (attribute_of(each.tree, "skipped") != "true") {
                all.push_back(told_by_doctest(each));
            }
        }
        return all;
    }

    [[nodiscard]] std::vector<bool>
    selecting(const std::vector<std::string>& arguments) const override {
        return named(arguments, {"test-case", "tc", "first", "f", "last", "l"});
    }

    /// All reporters that are asked for write to one file.
    [[nodiscard]] std::vector<bool>
    ordering_or_reporting(const std::vector<std::string>& arguments) const override {
        return named(arguments, {"reporters", "r"});
    }

  private:
    /// Says which arguments are one of these options, with its value behind `=`.
    static std::vector<bool> named(const std::vector<std::string>& arguments,
                                   const std::set<std::string>& names) {
        constexpr std::string_view prefix = "dt-";
        std::vector<bool> found;
        for (const std::string& each : arguments) {
            std::string name = each.substr(0, each.find('='));
            name.erase(0, name.find_first_not_of('-'));
            name.erase(0, starts_with(name, prefix) ? prefix.size() : 0);
            found.push_back(starts_with(each, "-") && names.count(name) > 0);
        }
        return found;
    }
};

} // namespace

const framework& doctest_framework() {
    static const doctest_options only;
    return only;
}

} // namespace isolite::programs
