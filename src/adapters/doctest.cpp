#include <isolite/doctest.hpp>

#include "session/suite_process.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace doctest::detail {

// Part of doctest since its version 2.0, though not of its header: all test cases, in an order that
// depends on the sources alone.
std::set<TestCase>& getRegisteredTests();

} // namespace doctest::detail

namespace isolite::doc_test {

namespace {

/// The modes that decorators chose: of test cases by their place, of suites by their name.
struct choices {
    std::map<std::pair<std::string, unsigned>, mode> of_tests;
    std::map<std::string, mode> of_suites;

    static choices& made() {
        static choices instance; // decorators are made before `main`
        return instance;
    }
};

/// The fixture of the suite whose tests run at present.
class open_suite {
  public:
    using factory = std::shared_ptr<void> (*)();

    static open_suite& of_process() {
        static open_suite instance;
        return instance;
    }

    void add(std::string name, factory make) { factories_[std::move(name)] = make; }

    /// Ends the fixture of another suite and makes that of `suite`, if it has one.
    void enter(const std::string& suite) {
        if (factories_.empty() || suite == name_) {
            return;
        }
        data_.reset();
        failure_.clear();
        name_ = suite;
        if (const auto found = factories_.find(suite); found != factories_.end()) {
            make(found->second);
        }
    }

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& failure() const { return failure_; }

  private:
    void make(factory make) {
        try {
            data_ = make();
        } catch (const std::exception& problem) {
            failure_ = problem.what();
        } catch (...) {
            failure_ = "it threw something that is no exception";
        }
    }

    std::map<std::string, factory> factories_;
    std::string name_;
    std::shared_ptr<void> data_;
    std::string failure_;
};

/// The assertions of the running pass through a test case that have failed.
int& failed_assertions() {
    static int count = 0;
    return count;
}

class doctest_framework final : public framework {
  public:
    [[nodiscard]] std::string current_test() const override {
        const auto* const test = doctest::getContextOptions()->currentTest;
        if (!test) {
            return "a fixture outside of any test case";
        }
        const std::string suite = test->m_test_suite ? test->m_test_suite : "";
        const std::string name = suite.empty() ? test->m_name : suite + "/" + test->m_name;
        if (const std::string& why = open_suite::of_process().failure(); !why.empty()) {
            throw setup_error("cannot open a session for '" + name +
                              "': the fixture of the suite '" + suite + "' failed: " + why);
        }
        return name;
    }

    [[nodiscard]] std::optional<mode> chosen_mode() const override {
        const auto* const test = doctest::getContextOptions()->currentTest;
        const choices& made = choices::made();
        if (!test || (made.of_tests.empty() && made.of_suites.empty())) {
            return std::nullopt;
        }
        const auto own = made.of_tests.find({test->m_file.c_str(), test->m_line});
        if (own != made.of_tests.end()) {
            return own->second;
        }
        const auto suite = made.of_suites.find(test->m_test_suite ? test->m_test_suite : "");
        return suite == made.of_suites.end() ? std::nullopt : std::optional<mode>(suite->second);
    }

    [[nodiscard]] bool failing() const override { return failed_assertions() > 0; }

    void fail(const std::string& message) noexcept override {
        const auto* const test = doctest::getContextOptions()->currentTest;
        ADD_FAIL_CHECK_AT(test ? test->m_file.c_str() : "",
                          test ? static_cast<int>(test->m_line) : 0, message);
    }

    void note(const std::string& message) noexcept override {
        const auto* const test = doctest::getContextOptions()->currentTest;
        ADD_MESSAGE_AT(test ? test->m_file.c_str() : "", test ? static_cast<int>(test->m_line) : 0,
                       message);
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

    void test_run_end(const doctest::TestRunStats& /*stats*/) override {
        open_suite::of_process().enter("");
        process_->finish();
    }
    void test_case_start(const doctest::TestCaseData& test) override {
        failed_assertions() = 0;
        open_suite::of_process().enter(test.m_test_suite ? test.m_test_suite : "");
    }
    void test_case_reenter(const doctest::TestCaseData& /*test*/) override {
        failed_assertions() = 0;
    }
    void log_assert(const doctest::AssertData& assertion) override {
        failed_assertions() += assertion.m_failed;
    }

    void report_query(const doctest::QueryData& /*data*/) override {}
    void test_case_end(const doctest::CurrentTestCaseStats& /*stats*/) override {}
    void test_case_exception(const doctest::TestCaseException& /*exception*/) override {}
    void subcase_start(const doctest::SubcaseSignature& /*subcase*/) override {}
    void subcase_end() override {}
    void log_message(const doctest::MessageData& /*message*/) override {}
    void test_case_skipped(const doctest::TestCaseData& /*test*/) override {}

  private:
    std::optional<suite_process> process_;
};

} // namespace

void choose_mode(const char* file, unsigned line, mode chosen) {
    choices::made().of_tests[{file, line}] = chosen;
}

void choose_mode(const char* suite, mode chosen) {
    choices::made().of_suites[suite] = chosen;
}

std::string suite_being_opened() {
    return open_suite::of_process().name();
}

bool add_suite_fixture(std::string name, std::shared_ptr<void> (*make)()) {
    open_suite::of_process().add(std::move(name), make);
    return true;
}

framework& adapter() {
    static doctest_framework instance;
    return instance;
}

bool install() {
    static const int registered = doctest::registerReporter<listener>("isolite", 0, false);
    return registered == 0;
}

} // namespace isolite::doc_test
