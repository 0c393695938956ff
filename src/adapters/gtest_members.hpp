#pragma once

#include <gtest/gtest.h>

/// What GoogleTest has no interface for: the private members that workers and their parent change.
/// Nobody checks access in an explicit instantiation ([temp.spec]/6). They are the same in
/// GoogleTest 1.12 to 1.16; another version that lacks one does not compile.
namespace isolite::googletest::members {

template <typename Name, auto Member>
struct granted {
    friend constexpr auto member(Name) { return Member; }
};

#define ISOLITE_GRANT(name, of)                                                                    \
    struct name {                                                                                  \
        friend constexpr auto member(name);                                                        \
    };                                                                                             \
    template struct granted<name, &testing::of>;

ISOLITE_GRANT(should_run, TestInfo::should_run_)
ISOLITE_GRANT(matches_filter, TestInfo::matches_filter_)
ISOLITE_GRANT(is_disabled, TestInfo::is_disabled_)
ISOLITE_GRANT(is_in_another_shard, TestInfo::is_in_another_shard_)
ISOLITE_GRANT(factory, TestInfo::factory_)
ISOLITE_GRANT(result_of_case, TestInfo::result_)
ISOLITE_GRANT(suite_should_run, TestSuite::should_run_)
ISOLITE_GRANT(set_up, TestSuite::set_up_tc_)
ISOLITE_GRANT(tear_down, TestSuite::tear_down_tc_)
ISOLITE_GRANT(cases, TestSuite::test_info_list_)
ISOLITE_GRANT(order, TestSuite::test_indices_)
ISOLITE_GRANT(result_of_suite, TestSuite::ad_hoc_test_result_)
ISOLITE_GRANT(duration_of_suite, TestSuite::elapsed_time_)
ISOLITE_GRANT(run_suite, TestSuite::Run)
ISOLITE_GRANT(add_part, TestResult::AddTestPartResult)
ISOLITE_GRANT(clear, TestResult::Clear)
ISOLITE_GRANT(duration, TestResult::elapsed_time_)
ISOLITE_GRANT(start, TestResult::start_timestamp_)
ISOLITE_GRANT(suite_at, UnitTest::GetMutableTestSuite)
ISOLITE_GRANT(repeater, TestEventListeners::repeater_)
ISOLITE_GRANT(listener_of, TestEventListeners::repeater)

#undef ISOLITE_GRANT

/// Returns a private member of an object.
template <typename Name, typename Object>
[[nodiscard]] auto& of(Object& object) {
    return object.*member(Name{});
}

/// Calls a private function of an object.
template <typename Name, typename Object, typename... Arguments>
auto call(Object& object, const Arguments&... arguments) {
    return (object.*member(Name{}))(arguments...);
}

} // namespace isolite::googletest::members
