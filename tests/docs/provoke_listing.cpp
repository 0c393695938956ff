// A doctest program that cannot list its test cases: a reporter of its own ends it.

#include <isolite/doctest.hpp>
#include <isolite/doctest_main.hpp>

#include <cstdlib>

#include <unistd.h>

namespace {

struct impatient final : doctest::IReporter {
    explicit impatient(const doctest::ContextOptions& /*options*/) {}

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
    void test_case_skipped(const doctest::TestCaseData& /*test*/) override {
        ::_exit(EXIT_FAILURE);
    }
};

REGISTER_LISTENER("impatient", 1, impatient);

} // namespace

TEST_CASE("never begun") {}
