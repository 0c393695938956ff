#include <isolite/doctest.hpp>

#include "adapters/doctest_registry.hpp"
#include "adapters/doctest_shard.hpp"
#include "adapters/doctest_workers.hpp"
#include "error/utf8.hpp"
#include "sandbox/suite_process.hpp"

#include <isolite/command_line.hpp>

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

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

/// The fixtures of the suite whose tests run at present. doctest knows nothing of them, so what
/// fails where no test is running counts as a failed test case of its own.
class open_suite {
  public:
    using factory = std::shared_ptr<void> (*)();

    static open_suite& of_process() {
        static open_suite instance;
        return instance;
    }

    void add(std::string name, factory make) { factories_[std::move(name)].push_back(make); }

    /// Returns the suites that have fixtures.
    [[nodiscard]] std::set<std::string> names() const {
        std::set<std::string> names;
        for (const auto& [name, factories] : factories_) {
            names.insert(name);
        }
        return names;
    }

    /// Ends the fixtures of another suite and makes those of the suite of `test`, if it has any.
    void enter(const doctest::TestCaseData& test) {
        const std::string suite = suite_of(test);
        if (factories_.empty() || (first_test_ && suite == name_)) {
            return;
        }
        leave();
        name_ = suite;
        first_test_ = &test;
        phase_ = phase::set_up;
        for (const factory make : factories_[suite]) {
            if (failure_.empty()) {
                set_up(make);
            }
        }
        phase_ = phase::tests;
    }

    /// Ends the fixtures of the suite, the last one first.
    void leave() {
        phase_ = phase::end;
        while (!data_.empty()) {
            data_.pop_back();
        }
        phase_ = phase::tests;
        if (!failure_.empty() && !heard_) {
            report(message_of_failure());
        }
        failure_.clear();
        heard_ = false;
        first_test_ = nullptr;
    }

    /// Takes a failure of the suite itself. Returns false when it is one of a test instead.
    bool fail(const std::string& message) {
        if (phase_ == phase::set_up) {
            failure_ += (failure_.empty() ? "" : "\n") + message;
        } else if (phase_ == phase::end) {
            report(message);
        }
        return phase_ != phase::tests;
    }

    [[nodiscard]] const std::string& name() const { return name_; }

    /// Returns why the set-up failed, or "", for a test that will fail with it.
    [[nodiscard]] const std::string& hear_failure() {
        if (!failure_.empty() && !heard_) {
            heard_ = true;
            workers::of_process().heard_failure(message_of_failure());
        }
        return failure_;
    }

    /// Writes a failure of a suite, as a mere message: a failed assertion would be the next test's.
    void write(const run::outside_failure& failure) {
        ++failures_;
        workers::of_process().failed_outside(failure);
        ADD_MESSAGE_AT(failure.file.c_str(), static_cast<int>(failure.line), failure.why);
    }

    [[nodiscard]] unsigned failures() const { return failures_; }

  private:
    enum class phase { set_up, tests, end };

    [[nodiscard]] std::string message_of_failure() const {
        return "cannot set up the suite '" + name_ + "': " + failure_;
    }

    void set_up(factory make) {
        std::string why;
        try {
            data_.push_back(make());
            return;
        } catch (const std::exception& problem) {
            why = problem.what();
        } catch (...) {
            why = "it threw something that is no exception";
        }
        failure_ = failure_.empty() ? why : why + "\n" + failure_;
    }

    /// Tells of a failure of the suite. The place is that of the suite's first test.
    void report(const std::string& message) {
        const run::outside_failure failure{name_, first_test_->m_file.c_str(), first_test_->m_line,
                                           message};
        if (workers::of_process().is_worker()) {
            workers::of_process().suite_failed(failure);
        } else {
            write(failure);
        }
    }

    std::map<std::string, std::vector<factory>> factories_;
    std::string name_;
    const doctest::TestCaseData* first_test_ = nullptr; // null outside of any suite
    std::vector<std::shared_ptr<void>> data_;
    std::string failure_;
    bool heard_ = false; // by a test, which failed with it
    phase phase_ = phase::tests;
    unsigned failures_ = 0;
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
        const std::string name = full_name_of(*test);
        if (const std::string& why = open_suite::of_process().hear_failure(); !why.empty()) {
            throw setup_error("cannot open a session for '" + name +
                              "': the fixture of the suite '" + suite_of(*test) +
                              "' failed: " + why);
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
        const auto suite = made.of_suites.find(suite_of(*test));
        return suite == made.of_suites.end() ? std::nullopt : std::optional<mode>(suite->second);
    }

    [[nodiscard]] bool failing() const override { return failed_assertions() > 0; }

    void fail(const std::string& message) noexcept override {
        if (open_suite::of_process().fail(message)) {
            return;
        }
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

/// Lets the run fail with the suites that did.
void count_failed_suites(doctest::TestRunStats& run) {
    const unsigned failures = open_suite::of_process().failures();
    run.numTestCases += failures;
    run.numTestCasesPassingFilters += failures;
    run.numTestCasesFailed += failures;
}

/// Counts a failure, but for a warning.
void count_failure(bool failed, doctest::assertType::Enum kind) {
    if (failed && (kind & doctest::assertType::is_warn) == 0) {
        ++failed_assertions();
    }
}

/// Returns why a fixture could never be made: its suite has no test.
result<void> check_names_of_suites() {
    std::set<std::string> unknown = open_suite::of_process().names();
    for (const auto& test : doctest::detail::getRegisteredTests()) {
        unknown.erase(suite_of(test));
    }
    if (unknown.empty()) {
        return {};
    }
    return tl::unexpected(error{errc::usage,
                                "give the suite '" + *unknown.begin() +
                                    "' its fixture: no test is in a suite of that name",
                                "write the name as it stands in TEST_SUITE"});
}

/// Takes part in the run: shards at its start, summary at its end.
struct listener final : doctest::IReporter {
    explicit listener(const doctest::ContextOptions& /*options*/) {}

    void test_run_start() override {
        auto started = check_names_of_suites().and_then([] { return suite_process::start(); });
        if (!started) {
            give_up(started.error());
        }
        process_ = *started;
        skip_other_shards(*process_);
        const auto forked =
            run::chosen_options(detail::environment::of_process())
                .and_then([this](run::options options) {
                    options.summary = process_->wants_summary();
                    return workers::of_process().start(options, open_suite::of_process().names());
                });
        if (!forked) {
            give_up(forked.error());
        }
    }

    void test_run_end(const doctest::TestRunStats& stats) override {
        workers& workers = workers::of_process();
        open_suite& suite = open_suite::of_process();
        suite.leave();
        if (workers.is_parent()) {
            for (const run::outside_failure& failure : workers.failed_suites()) {
                suite.write(failure);
            }
        }
        auto& counted = const_cast<doctest::TestRunStats&>(stats);
        count_failed_suites(counted);
        workers.run_ended(counted);
        process_->finish();
    }
    void test_case_start(const doctest::TestCaseData& test) override {
        failed_assertions() = 0;
        if (!workers::of_process().is_parent() && !workers::of_process().is_lister()) {
            open_suite::of_process().enter(test);
        }
        workers::of_process().case_started(); // later: no test is billed for its suite
    }
    void test_case_skipped(const doctest::TestCaseData& test) override {
        workers::of_process().case_skipped(test);
    }
    void test_case_reenter(const doctest::TestCaseData& /*test*/) override {
        failed_assertions() = 0;
        workers::of_process().add({reenter_event, {}});
    }
    void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
        workers::of_process().case_ended(stats);
    }
    void log_assert(const doctest::AssertData& assertion) override {
        count_failure(assertion.m_failed, assertion.m_at);
        workers::of_process().asserted(assertion);
    }
    void log_message(const doctest::MessageData& message) override {
        count_failure(true, message.m_severity); // FAIL and FAIL_CHECK
        workers::of_process().said(message);
    }
    void test_case_exception(const doctest::TestCaseException& exception) override {
        workers::of_process().threw(exception);
    }
    void subcase_start(const doctest::SubcaseSignature& subcase) override {
        workers::of_process().add(event_of(subcase));
    }
    void subcase_end() override { workers::of_process().add({subcase_end_event, {}}); }

    void report_query(const doctest::QueryData& /*data*/) override {}

  private:
    /// doctest has no way to fail a run that is starting.
    [[noreturn]] static void give_up(const error& problem) {
        std::fprintf(stderr, "isolite: %s\n", printable_lines(problem.text()).c_str());
        std::exit(EXIT_FAILURE);
    }

    std::optional<suite_process> process_;
};

} // namespace

void choose_mode(const char* file, unsigned line, mode chosen) {
    choices::made().of_tests[{file, line}] = chosen;
}

void choose_mode(const char* suite, mode chosen) {
    choices::made().of_suites[suite] = chosen;
}

void mark_resource(const char* file, unsigned line, const std::string& resource) {
    marks::made().resources_of_tests[{file, line}].push_back(resource);
}

void mark_resource(const char* suite, const std::string& resource) {
    marks::made().resources_of_suites[suite].push_back(resource);
}

void mark_serial(const char* file, unsigned line) {
    marks::made().serial_tests.insert({file, line});
}

void mark_serial(const char* suite) {
    marks::made().serial_suites.insert(suite);
}

int run(int argc, char** argv) {
    if (const auto taken = take_options(argc, argv); !taken) {
        std::fprintf(stderr, "isolite: %s\n", printable_lines(taken.error().text()).c_str());
        return 2;
    }
    return doctest::Context(argc, argv).run();
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
