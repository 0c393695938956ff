#include "adapters/gtest_tests.hpp"

#include "adapters/gtest_members.hpp"
#include "suites/running_suite.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

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
            visit(suite, *members::of<members::cases>(suite)[static_cast<std::size_t>(index)]);
        }
    }
}

bool has_fixture(TestSuite& suite) {
    return members::of<members::set_up>(suite) != nullptr ||
           members::of<members::tear_down>(suite) != nullptr;
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
    for_each_test([&](TestSuite& suite, TestInfo& test) {
        if (test.should_run()) {
            chosen.push_back({&suite, &test});
        }
    });
    return chosen;
}

suites::adapter::part leave_out_others(const shard& shard) {
    const bool is_left_out = is_left_to_googletest(shard);
    suites::adapter::part counted{0, 0};
    std::map<TestSuite*, bool> runs;
    for_each_test([&](TestSuite& suite, TestInfo& test) {
        bool& is_others = members::of<members::is_in_another_shard>(test);
        bool& should_run = members::of<members::should_run>(test);
        const std::size_t position = counted.all++;
        if (!is_left_out) {
            is_others = !shard.contains(position);
            should_run = !is_others && members::of<members::matches_filter>(test) &&
                         (GTEST_FLAG_GET(also_run_disabled_tests) ||
                          !members::of<members::is_disabled>(test));
        }
        counted.own += is_others ? 0 : 1;
        runs[&suite] = runs[&suite] || should_run;
    });
    for (const auto& [suite, some] : runs) {
        members::of<members::suite_should_run>(*suite) = some;
    }
    return counted;
}

std::vector<std::size_t> order_with_suites(const std::vector<chosen_case>& cases,
                                           const std::vector<std::size_t>& order) {
    std::map<const TestSuite*, std::vector<std::size_t>> together;
    for (const std::size_t position : order) {
        if (has_fixture(*cases[position].suite)) {
            together[cases[position].suite].push_back(position);
        }
    }
    std::vector<std::size_t> moved;
    for (const std::size_t position : order) {
        if (!has_fixture(*cases[position].suite)) {
            moved.push_back(position);
            continue;
        }
        auto& all = together[cases[position].suite];
        moved.insert(moved.end(), all.begin(), all.end());
        all.clear();
    }
    return moved;
}

void sort_suites(const std::vector<chosen_case>& cases, const std::vector<std::size_t>& order) {
    std::map<const TestInfo*, std::size_t> places;
    std::set<TestSuite*> suites;
    for (std::size_t place = 0; place < order.size(); ++place) {
        places[cases[order[place]].test] = place;
        suites.insert(cases[order[place]].suite);
    }
    for (TestSuite* const suite : suites) {
        const auto place_of = [&, &tests = members::of<members::cases>(*suite)](int index) {
            const auto found = places.find(tests[static_cast<std::size_t>(index)]);
            return found == places.end() ? places.size() : found->second;
        };
        auto& indices = members::of<members::order>(*suite);
        std::stable_sort(indices.begin(), indices.end(),
                         [&](int one, int other) { return place_of(one) < place_of(other); });
    }
}

} // namespace isolite::googletest
