#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"

#include <isolite/case_marks.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

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

/// Returns the reporters and listeners of the running context, null if the source file that has
/// doctest's implementation does not include isolite's header.
[[nodiscard]] std::vector<doctest::IReporter*>* reporters_of_doctest();

/// Says whether a reporter is doctest's own one of this name, a type that only doctest's
/// implementation sees.
[[nodiscard]] bool is_of_doctest(const doctest::IReporter& reporter, const std::string& name);

/// Tells doctest's reporter for JUnit of a failure outside of cases, as a case of its own: it does
/// not heed the messages by which others hear of it.
void tell_junit(const results::outside_failure& failure);

/// Returns the marks that decorators made for a case: its own, and those of its suite.
[[nodiscard]] std::vector<const case_marks*> marks_around(const doctest::TestCaseData& test);

/// Returns what the run must know of a case.
[[nodiscard]] results::test_case described(const doctest::TestCaseData& test);

/// Returns why doctest calls a case failed in which no assertion has.
[[nodiscard]] std::string reason_of(const doctest::CurrentTestCaseStats& stats);

/// Says whether doctest forgives a case some failures.
inline bool forgives_failures(const doctest::TestCaseData& test) {
    return test.m_may_fail || test.m_should_fail || test.m_expected_failures > 0;
}

/// Lets what follows be heard by this listener first, so that others are told what it corrects.
/// Requires: all listeners before it have heard of the start of the run.
void become_first(const doctest::IReporter& listener);

/// Keeps the other reporters and listeners silent: those of the parent are told all. Requires: a
/// process that ends before doctest does.
void silence_all_but(const doctest::IReporter& listener);

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
