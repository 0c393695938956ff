#include <isolite/doctest.hpp>

#include "adapters/doctest_registry.hpp"
#include "adapters/doctest_run.hpp"
#include "run/command_line.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace isolite::doc_test {

namespace {

/// The marks that decorators made: of test cases by their place, of suites by their name. A suite
/// has no file.
using place = std::pair<std::string, unsigned>;

std::map<place, case_marks>& all_marks() {
    static std::map<place, case_marks> marks; // made before `main`
    return marks;
}

reporters& (*reach_reporters)() = nullptr;

class doctest_framework final : public framework {
  public:
    [[nodiscard]] std::string current_test() const override {
        const auto* const test = running_test();
        if (!test) {
            return "a fixture outside of any test case";
        }
        const std::string name = full_name_of(*test);
        if (doctest_run* const run = doctest_run::current()) {
            if (const std::string& why = run->fixtures().hear_failure(); !why.empty()) {
                throw setup_error("cannot open a session for '" + name +
                                  "': the fixture of the suite '" + suite_of(*test) +
                                  "' failed: " + why);
            }
        }
        return name;
    }

    [[nodiscard]] std::optional<mode> chosen_mode() const override {
        if (const auto* const test = running_test(); test && !all_marks().empty()) {
            for (const case_marks* const marks : marks_around(*test)) {
                if (marks->mode) {
                    return marks->mode;
                }
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] bool failing() const override {
        const doctest_run* const run = doctest_run::current();
        return run && run->has_failed_assertions();
    }

    void fail(const std::string& message) noexcept override {
        doctest_run* const run = doctest_run::current();
        if (run && run->fixtures().fail(message)) {
            return;
        }
        const auto* const test = running_test();
        if (run && test && forgives_failures(*test)) {
            run->fail_unforgiven(*test, message);
            return;
        }
        ADD_FAIL_CHECK_AT(test ? test->m_file.c_str() : "",
                          test ? static_cast<int>(test->m_line) : 0, message);
    }

    void note(const std::string& message) noexcept override {
        const auto* const test = running_test();
        ADD_MESSAGE_AT(test ? test->m_file.c_str() : "", test ? static_cast<int>(test->m_line) : 0,
                       message);
    }

    [[nodiscard]] std::string way_to_commit() const override {
        return "decorate the test with * isolite::doc_test::isolated(isolite::mode::copy_on_write)";
    }

  private:
    static const doctest::TestCaseData* running_test() {
        return doctest::getContextOptions()->currentTest;
    }
};

/// Hands on to the run what doctest tells.
struct listener final : doctest::IReporter {
    explicit listener(const doctest::ContextOptions& /*options*/) {}

    void test_run_start() override { doctest_run::begin(*this); }
    void test_run_end(const doctest::TestRunStats& stats) override {
        doctest_run::end(const_cast<doctest::TestRunStats&>(stats));
    }
    void test_case_start(const doctest::TestCaseData& test) override { run().case_started(test); }
    void test_case_reenter(const doctest::TestCaseData& /*test*/) override {
        run().case_reentered();
    }
    void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
        run().case_ended(const_cast<doctest::CurrentTestCaseStats&>(stats));
    }
    void test_case_exception(const doctest::TestCaseException& exception) override {
        run().threw(exception);
    }
    void subcase_start(const doctest::SubcaseSignature& subcase) override {
        run().subcase_started(subcase);
    }
    void subcase_end() override { run().subcase_ended(); }
    void log_assert(const doctest::AssertData& assertion) override { run().asserted(assertion); }
    void log_message(const doctest::MessageData& message) override { run().said(message); }
    void test_case_skipped(const doctest::TestCaseData& test) override { run().case_skipped(test); }
    void report_query(const doctest::QueryData& /*data*/) override {}

  private:
    static doctest_run& run() { return *doctest_run::current(); }
};

} // namespace

case_marks& marks_of(const char* file, unsigned line) {
    return all_marks()[{file, line}];
}

case_marks& marks_of(const char* suite) {
    return all_marks()[{suite, 0}];
}

std::vector<const case_marks*> marks_around(const doctest::TestCaseData& test) {
    std::vector<const case_marks*> found;
    for (const place& each : {place(test.m_file.c_str(), test.m_line), place(suite_of(test), 0)}) {
        if (const auto marks = all_marks().find(each); marks != all_marks().end()) {
            found.push_back(&marks->second);
        }
    }
    return found;
}

bool know_reporters(reporters& (*reach)()) {
    reach_reporters = reach;
    return true;
}

reporters* reporters_of_doctest() {
    return reach_reporters ? &reach_reporters() : nullptr;
}

int run(int argc, char** argv) {
    return suites::run_with_spelled_options(argc, argv, {"--duration", "--reporters"},
                                            [&] { return doctest::Context(argc, argv).run(); });
}

std::string suite_being_opened() {
    const doctest_run* const run = doctest_run::current();
    return run ? run->fixtures().name() : "";
}

bool add_suite_fixture(std::string name, void* (*make)(), void (*end)(void*)) {
    suites::suite_fixtures::registered()[std::move(name)].push_back(
        [make, end] { return std::shared_ptr<void>(make(), end); });
    return true;
}

framework& adapter() {
    static doctest_framework instance;
    return instance;
}

bool install() {
    // The last of all listeners: what others prepare for the run is there before workers are
    // forked.
    constexpr int last = std::numeric_limits<int>::min();
    static const bool registered = [] {
        doctest::registerReporter<listener>("isolite", last, false);
        isolite::run::claim_files_of_variable();
        return true;
    }();
    return registered;
}

} // namespace isolite::doc_test
