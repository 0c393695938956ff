#include <isolite/gtest.hpp>

#include "adapters/gtest_run.hpp"
#include "run/command_line.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include <fnmatch.h>

namespace isolite::googletest {

namespace {

using testing::TestInfo;
using testing::UnitTest;

struct pattern_of_marks {
    std::string pattern;
    case_marks marks;

    [[nodiscard]] bool matches(const std::string& name) const {
        return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
    }
};

std::vector<pattern_of_marks>& all_marks() {
    static std::vector<pattern_of_marks> marks; // made before `main`
    return marks;
}

bool matches_a_test(const pattern_of_marks& marks) {
    const UnitTest& unit = *UnitTest::GetInstance();
    for (int i = 0; i < unit.total_test_suite_count(); ++i) {
        const testing::TestSuite& suite = *unit.GetTestSuite(i);
        for (int j = 0; j < suite.total_test_count(); ++j) {
            if (marks.matches(full_name_of(*suite.GetTestInfo(j)))) {
                return true;
            }
        }
    }
    return false;
}

class googletest_framework final : public framework {
  public:
    [[nodiscard]] std::string current_test() const override {
        const TestInfo* const test = running_test();
        return test != nullptr ? full_name_of(*test) : "a fixture outside of any test case";
    }

    [[nodiscard]] std::optional<mode> chosen_mode() const override {
        const TestInfo* const test = all_marks().empty() ? nullptr : running_test();
        if (test != nullptr) {
            for (const case_marks* const marks : marks_of(*test)) {
                if (marks->mode) {
                    return marks->mode;
                }
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] bool failing() const override { return testing::Test::HasFailure(); }

    /// Called by destructors, from which nothing may be thrown, as some options and listeners do
    /// when the failure is already known.
    void fail(const std::string& message) noexcept override {
        const TestInfo* const test = running_test();
        try {
            ADD_FAILURE_AT(test != nullptr ? test->file() : nullptr,
                           test != nullptr ? test->line() : -1)
                << message;
        } catch (...) {
            return;
        }
    }

    /// GoogleTest shows no message without a failure.
    void note(const std::string& message) noexcept override {
        std::fprintf(stderr, "%s\n", message.c_str());
    }

    [[nodiscard]] std::string way_to_commit() const override {
        return "mark the test outside of functions: const bool marked = "
               "isolite::googletest::mark(\"" +
               current_test() + "\", isolite::googletest::isolated(isolite::mode::copy_on_write));";
    }

  private:
    static const TestInfo* running_test() { return UnitTest::GetInstance()->current_test_info(); }
};

/// Hears of the program, as one among all listeners.
struct listener final : testing::EmptyTestEventListener {
    void OnTestProgramStart(const UnitTest& /*unit*/) override { gtest_run::of_process().begin(); }
    void OnTestIterationStart(const UnitTest& /*unit*/, int number) override {
        gtest_run::of_process().iteration_started(number);
    }
    void OnTestIterationEnd(const UnitTest& /*unit*/, int number) override {
        gtest_run::of_process().iteration_ended(number);
    }
    void OnTestProgramEnd(const UnitTest& /*unit*/) override { gtest_run::of_process().end(); }
};

/// The child of a thread-safe death test gets the command line that GoogleTest has seen, from which
/// isolite's options were taken. The files that it opens are the disk's, unless it claims them,
/// too.
void claim_files_in_children() {
    std::string patterns;
    for (const std::string& each : isolite::run::taken_of_process().values.files) {
        patterns += (patterns.empty() ? "" : ":") + each;
    }
    if (!patterns.empty()) {
        auto arguments = testing::internal::GetInjectableArgvs();
        arguments.push_back("--files=" + patterns);
        testing::internal::SetInjectableArgvs(arguments);
    }
}

} // namespace

std::vector<const case_marks*> marks_of(const TestInfo& test) {
    std::vector<const case_marks*> found;
    const std::string name = full_name_of(test);
    for (const bool named : {true, false}) {
        for (const pattern_of_marks& each : all_marks()) {
            if ((each.pattern == name) == named && each.matches(name)) {
                found.push_back(&each.marks);
            }
        }
    }
    return found;
}

result<void> check_marks() {
    const auto unknown = std::find_if_not(all_marks().begin(), all_marks().end(), matches_a_test);
    if (unknown == all_marks().end()) {
        return {};
    }
    return tl::unexpected(error{errc::usage,
                                "mark '" + unknown->pattern + "': no test has a name that matches",
                                "write full names as --gtest_list_tests shows them, SUITE.TEST"});
}

std::vector<testing::TestEventListener*>& listeners_in_workers() {
    static std::vector<testing::TestEventListener*> listeners; // made before `main`
    return listeners;
}

bool mark(std::string pattern, case_marks marks) {
    all_marks().push_back({std::move(pattern), std::move(marks)});
    return true;
}

case_marks isolated(mode chosen) {
    case_marks marks;
    marks.mode = chosen;
    return marks;
}

case_marks uses(std::string resource) {
    case_marks marks;
    marks.resources.push_back(std::move(resource));
    return marks;
}

case_marks serial() {
    case_marks marks;
    marks.serial = true;
    return marks;
}

testing::TestEventListener* in_workers(testing::TestEventListener* listener) {
    listeners_in_workers().push_back(listener);
    return listener;
}

std::string suite_being_opened() {
    const testing::TestSuite* const suite = UnitTest::GetInstance()->current_test_suite();
    return suite != nullptr ? suite->name() : "";
}

framework& adapter() {
    static googletest_framework instance;
    return instance;
}

int run(int argc, char** argv, void (*initialise)(int*, char**)) {
    return suites::run_with_spelled_options(argc, argv, {}, [&] {
        initialise(&argc, argv);
        claim_files_in_children();
        return RUN_ALL_TESTS();
    });
}

bool install() {
    static const bool installed = [] {
        UnitTest::GetInstance()->listeners().Append(new listener);
        isolite::run::leave_to_framework("--gtest_output"); // which has JSON as well
        isolite::run::claim_files_of_variable();
        return true;
    }();
    return installed;
}

} // namespace isolite::googletest
