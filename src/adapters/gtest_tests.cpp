#include "adapters/gtest_tests.hpp"

#include "adapters/gtest_members.hpp"
#include "suites/suite_fixtures.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <map>
#include <utility>

namespace isolite::googletest {

namespace {

using testing::TestInfo;
using testing::TestSuite;

/// Visits all tests of the program in GoogleTest's present order.
template <typename Visit>
void for_each_test(Visit visit) {
    testing::UnitTest& unit = *testing::UnitTest::GetInstance();
    for (int i = 0; i < unit.total_test_suite_count(); ++i) {
        TestSuite& suite = *members::call<members::suite_at>(unit, i);
        for (const int index : members::of<members::order>(suite)) {
            visit(suite, *members::of<members::cases>(suite)[static_cast<std::size_t>(index)],
                  index);
        }
    }
}

bool has_fixture(TestSuite& suite) {
    return members::of<members::set_up>(suite) != nullptr ||
           members::of<members::tear_down>(suite) != nullptr;
}

/// Says whether GoogleTest would run a test if there was one shard.
bool is_asked_for(TestInfo& test) {
    return members::of<members::matches_filter>(test) &&
           (GTEST_FLAG_GET(also_run_disabled_tests) || !members::of<members::is_disabled>(test));
}

/// Says whether GoogleTest has left out the same shard by its own rule, which counts the tests that
/// match the filter.
bool is_left_to_googletest(const shard& shard) {
    const auto is = [](const char* name, unsigned long wanted) {
        const char* const value = std::getenv(name);
        return value != nullptr && std::strtoul(value, nullptr, 10) == wanted;
    };
    return is("GTEST_TOTAL_SHARDS", shard.total) && is("GTEST_SHARD_INDEX", shard.index);
}

} // namespace

std::string full_name_of(const TestInfo& test) {
    return std::string(test.test_suite_name()) + "." + test.name();
}

results::test_case described(const TestInfo& test) {
    results::test_case made;
    made.name = full_name_of(test);
    made.suite = test.test_suite_name();
    made.file = test.file();
    made.line = static_cast<unsigned>(test.line());
    for (const case_marks* const marks : marks_of(test)) {
        suites::apply(*marks, made);
    }
    return made;
}

std::vector<chosen_case> chosen_cases() {
    std::vector<chosen_case> chosen;
    for_each_test([&](TestSuite& suite, TestInfo& test, int index) {
        if (test.should_run()) {
            chosen.push_back({&suite, &test, index});
        }
    });
    return chosen;
}

std::vector<chosen_case> all_tests() {
    std::vector<chosen_case> all;
    for_each_test([&](TestSuite& suite, TestInfo& test, int index) {
        all.push_back({&suite, &test, index});
    });
    return all;
}

std::vector<suites::case_to_cut> cases_to_cut(const std::vector<chosen_case>& tests,
                                              const shard& shard) {
    const bool is_left_out = is_left_to_googletest(shard);
    std::vector<suites::case_to_cut> all;
    std::size_t group = 0;
    for (const chosen_case& each : tests) {
        all.push_back({full_name_of(*each.test), group});
        group += !is_left_out || is_asked_for(*each.test) ? 1 : 0;
    }
    return all;
}

void leave_out_others(const std::vector<chosen_case>& tests, const std::vector<bool>& is_own) {
    std::map<TestSuite*, bool> runs;
    for (std::size_t i = 0; i < tests.size(); ++i) {
        TestInfo& test = *tests[i].test;
        bool& should_run = members::of<members::should_run>(test);
        members::of<members::is_in_another_shard>(test) = !is_own[i];
        should_run = is_own[i] && is_asked_for(test);
        runs[tests[i].suite] = runs[tests[i].suite] || should_run;
    }
    for (const auto& [suite, some] : runs) {
        members::of<members::suite_should_run>(*suite) = some;
    }
}

std::vector<std::size_t> order_with_suites(const std::vector<chosen_case>& cases,
                                           const std::vector<std::size_t>& order) {
    return suites::keep_together(order, [&](std::size_t position) {
        TestSuite& suite = *cases[position].suite;
        return std::string(has_fixture(suite) ? suite.name() : "");
    });
}

void sort_suites(const std::vector<chosen_case>& cases, const std::vector<std::size_t>& order) {
    std::map<TestSuite*, std::vector<int>> sorted;
    for (const std::size_t position : order) {
        sorted[cases[position].suite].push_back(cases[position].index);
    }
    for (auto& [suite, indices] : sorted) {
        auto& all = members::of<members::order>(*suite);
        std::vector<bool> is_placed(all.size());
        for (const int index : indices) {
            is_placed[static_cast<std::size_t>(index)] = true;
        }
        std::copy_if(all.begin(), all.end(), std::back_inserter(indices),
                     [&](int index) { return !is_placed[static_cast<std::size_t>(index)]; });
        all = std::move(indices);
    }
}

std::vector<std::string> filters_of_googletest() {
    std::vector<std::string> options;
    if (const std::string filter = GTEST_FLAG_GET(filter); filter != "*") {
        options.push_back("--gtest_filter=" + filter);
    }
    if (GTEST_FLAG_GET(also_run_disabled_tests)) {
        options.emplace_back("--gtest_also_run_disabled_tests");
    }
    return options;
}

std::vector<std::string> selection_of(const std::vector<const results::test_case*>& cases) {
    // Only a `?` can stand for what separates patterns, or begins those of tests to be left out.
    const std::string special = ":-*";
    std::vector<std::string> options = {"--gtest_filter="};
    bool is_disabled = false;
    for (const results::test_case* const each : cases) {
        std::string pattern = each->name;
        std::replace_if(
            pattern.begin(), pattern.end(),
            [&special](char letter) { return special.find(letter) != std::string::npos; }, '?');
        options.front() += (each == cases.front() ? "" : ":") + pattern;
        is_disabled = is_disabled || each->name.find("DISABLED_") != std::string::npos;
    }
    if (is_disabled) {
        options.emplace_back("--gtest_also_run_disabled_tests");
    }
    return options;
}

} // namespace isolite::googletest
