#pragma once

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace doctest::detail {

// Part of doctest since its version 2.0, though not of its header: all test cases, in an order that
// depends on the sources alone.
std::set<TestCase>& getRegisteredTests();

} // namespace doctest::detail

namespace isolite::doc_test {

/// Returns doctest's options of the running context, to be changed.
inline doctest::ContextOptions& options_of_doctest() {
    return const_cast<doctest::ContextOptions&>(*doctest::getContextOptions());
}

/// Returns a registered case, to be changed: a set gives only const access. What its order depends
/// on may be changed in a process that never looks anything up in the set again.
inline doctest::detail::TestCase& writable(const doctest::detail::TestCase& registered) {
    return const_cast<doctest::detail::TestCase&>(registered);
}

/// Returns "" for no suite.
inline std::string suite_of(const doctest::TestCaseData& test) {
    return test.m_test_suite ? test.m_test_suite : "";
}

/// Returns SUITE/NAME.
inline std::string full_name_of(const doctest::TestCaseData& test) {
    const std::string suite = suite_of(test);
    return suite.empty() ? test.m_name : suite + "/" + test.m_name;
}

} // namespace isolite::doc_test
