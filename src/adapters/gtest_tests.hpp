#pragma once

#include "results/test_case.hpp"
#include "suites/shard_cut.hpp"

#include <isolite/case_marks.hpp>
#include <isolite/shard.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

/// The tests of the program, which GoogleTest has chosen from and put into an order.
namespace isolite::googletest {

struct chosen_case {
    testing::TestSuite* suite;
    testing::TestInfo* test;
    int index; ///< in the suite, as it was registered
};

[[nodiscard]] std::string full_name_of(const testing::TestInfo& test);

/// Returns the marks of a test: one structure for each pattern that matches, its own name first.
[[nodiscard]] std::vector<const case_marks*> marks_of(const testing::TestInfo& test);

[[nodiscard]] results::test_case described(const testing::TestInfo& test);

/// Returns what GoogleTest would run, in its order.
[[nodiscard]] std::vector<chosen_case> chosen_cases();

/// Returns all tests of the program, in GoogleTest's present order.
[[nodiscard]] std::vector<chosen_case> all_tests();

/// Returns them as they are cut into shards: by count as GoogleTest does, where it has left out the
/// same shard by its own rule.
[[nodiscard]] std::vector<suites::case_to_cut> cases_to_cut(const std::vector<chosen_case>& tests,
                                                            const shard& shard);

/// Leaves out the tests of other shards.
void leave_out_others(const std::vector<chosen_case>& tests, const std::vector<bool>& is_own);

/// Returns an order in which the cases of a suite that has a fixture have moved up to the first of
/// them.
[[nodiscard]] std::vector<std::size_t> order_with_suites(const std::vector<chosen_case>& cases,
                                                         const std::vector<std::size_t>& order);

/// Gives the tests of each suite their places in the order: GoogleTest walks through them once.
void sort_suites(const std::vector<chosen_case>& cases, const std::vector<std::size_t>& order);

/// Returns the options by which GoogleTest runs only some of the cases, or more than usual.
[[nodiscard]] std::vector<std::string> filters_of_googletest();

/// Returns the options by which GoogleTest runs these cases.
[[nodiscard]] std::vector<std::string>
selection_of(const std::vector<const results::test_case*>& cases);

} // namespace isolite::googletest
