#include <isolite/doctest.hpp>

#include "session/suite_process.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <set>

namespace doctest::detail {

// Part of doctest since its version 2.0, though not of its header: all test cases, in an order that
// depends on the sources alone.
std::set<TestCase>& getRegisteredTests();

} // namespace doctest::detail

namespace isolite::doc_test {

namespace {

class doctest_framework final : public framework {
  public:
    [[nodiscard]] std::string current_test() const override {
        const auto* const test = doctest::getContextOptions()->currentTest;
        if (!test) {
            return "a fixture outside of any test case";
        }
        const std::string suite = test->m_test_suite ? test->m_test_suite : "";
        return suite.empty() ? test->m_name : suite + "/" + test->m_name;
    }

    void fail(const std::string& message) noexcept override {
        const auto* const test = doctest::getContextOptions()->currentTest;
        ADD_FAIL_CHECK_AT(test ? test->m_file.c_str() : "",
                          test ? static_cast<int>(test->m_line) : 0, message);
    }
};

/// Marks the cases of other shards as skipped. `--no-skip`, which would bring them back, is carried
/// out here for the cases of this shard instead.
void skip_other_shards(const shard& shard) {
    if (shard.total == 1) {
        return;
    }
    auto& options = const_cast<doctest::ContextOptions&>(*doctest::getContextOptions());
    std::size_t position = 0;
    for (const auto& registered : doctest::detail::getRegisteredTests()) {
        // A set gives only const access, but the flag is no part of its order.
        bool& skip = const_cast<doctest::detail::TestCase&>(registered).m_skip;
        skip = !shard.contains(position++) || (skip && !options.no_skip);
    }
    options.no_skip = false;
}

/// Takes part in the run: shards at its start, summary at its end.
struct listener final : doctest::IReporter {
    explicit listener(const doctest::ContextOptions& /*options*/) {}

    void test_run_start() override {
        auto started = suite_process::start();
        if (!started) {
            // doctest has no way to fail a run that is starting.
            std::fprintf(stderr, "isolite: %s\n", started.error().text().c_str());
            std::exit(EXIT_FAILURE);
        }
        process_ = *started;
        skip_other_shards(process_->shard());
    }

    void test_run_end(const doctest::TestRunStats& /*stats*/) override { process_->finish(); }

    void report_query(const doctest::QueryData& /*data*/) override {}
    void test_case_start(const doctest::TestCaseData& /*test*/) override {}
    void test_case_reenter(const doctest::TestCaseData& /*test*/) override {}
    void test_case_end(const doctest::CurrentTestCaseStats& /*stats*/) override {}
    void test_case_exception(const doctest::TestCaseException& /*exception*/) override {}
    void subcase_start(const doctest::SubcaseSignature& /*subcase*/) override {}
    void subcase_end() override {}
    void log_assert(const doctest::AssertData& /*assertion*/) override {}
    void log_message(const doctest::MessageData& /*message*/) override {}
    void test_case_skipped(const doctest::TestCaseData& /*test*/) override {}

  private:
    std::optional<suite_process> process_;
};

} // namespace

framework& adapter() {
    static doctest_framework instance;
    return instance;
}

bool install() {
    static const int registered = doctest::registerReporter<listener>("isolite", 0, false);
    return registered == 0;
}

} // namespace isolite::doc_test
