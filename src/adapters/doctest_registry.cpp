#include "adapters/doctest_registry.hpp"

#include "suites/running_suite.hpp"

#include <algorithm>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

namespace isolite::doc_test {

namespace {

class silent_reporter final : public doctest::IReporter {
  public:
    void report_query(const doctest::QueryData& /*data*/) override {}
    void test_run_start() override {}
    void test_run_end(const doctest::TestRunStats& /*stats*/) override {}
    void test_case_start(const doctest::TestCaseData& /*test*/) override {}
    void test_case_reenter(const doctest::TestCaseData& /*test*/) override {}
    void test_case_end(const doctest::CurrentTestCaseStats& /*stats*/) override {}
    void test_case_exception(const doctest::TestCaseException& /*exception*/) override {}
    void subcase_start(const doctest::SubcaseSignature& /*subcase*/) override {}
    void subcase_end() override {}
    void log_assert(const doctest::AssertData& /*assertion*/) override {}
    void log_message(const doctest::MessageData& /*message*/) override {}
    void test_case_skipped(const doctest::TestCaseData& /*test*/) override {}
};

} // namespace

results::test_case described(const doctest::TestCaseData& test) {
    results::test_case made;
    made.name = full_name_of(test);
    made.suite = suite_of(test);
    made.file = test.m_file.c_str();
    made.line = test.m_line;
    for (const case_marks* const marks : marks_around(test)) {
        suites::apply(*marks, made);
    }
    return made;
}

bool is_of_doctest(const doctest::IReporter& reporter, const std::string& name) {
    const std::string mangled =
        "N7doctest12_GLOBAL__N_1" + std::to_string(name.size()) + name + "E";
    return mangled == typeid(reporter).name();
}

void tell_junit(const results::outside_failure& failure) {
    if (reporters_of_doctest() == nullptr) {
        return;
    }
    static doctest::TestCaseData fixture{}; // which the reporter goes on to know
    fixture.m_file = failure.file.c_str();
    fixture.m_line = failure.line;
    fixture.m_name = "(fixture)";
    fixture.m_test_suite = "";
    for (doctest::IReporter* const each : *reporters_of_doctest()) {
        if (is_of_doctest(*each, "JUnitReporter")) {
            each->test_case_start(fixture);
            each->test_case_exception({failure.why.c_str(), false});
            each->test_case_end({});
        }
    }
}

/// Returns why doctest calls a case failed in which no assertion has.
std::string reason_of(const doctest::CurrentTestCaseStats& stats) {
    using namespace doctest::TestCaseFailureReason; // its enumerators
    const int flags = stats.failure_flags;
    return (flags & Timeout) != 0                    ? "it took longer than its time limit"
           : (flags & ShouldHaveFailedButDidnt) != 0 ? "it should have failed but did not"
           : (flags & DidntFailExactlyNumTimes) != 0 ? "it did not fail as often as expected"
                                                     : "it failed";
}

void become_first(const doctest::IReporter& listener) {
    if (auto* const all = reporters_of_doctest()) {
        const auto here = std::find(all->begin(), all->end(), &listener);
        std::rotate(all->begin(), here, here + 1);
    }
}

void silence_all_but(const doctest::IReporter& listener) {
    static silent_reporter silent;
    if (reporters_of_doctest() == nullptr) {
        return; // somebody else's `main`, which knows nothing of isolite
    }
    // Never destroyed, as the process ends before doctest destroys its own; but known, or who looks
    // for leaks at the end would find them lost.
    static auto* const silenced = new std::vector<doctest::IReporter*>;
    for (doctest::IReporter*& each : *reporters_of_doctest()) {
        if (each != &listener) {
            silenced->push_back(std::exchange(each, &silent));
        }
    }
}

} // namespace isolite::doc_test
