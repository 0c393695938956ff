// What else a program with doctest may have: listeners, threads that assert, texts of a context
// around subcases. Built with isolite and, as the oracle, without it.
#ifdef WITHOUT_ISOLITE
#    define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#    include <doctest/doctest.h>
#else
#    include <isolite/doctest.hpp> // as a header of the suite may, before doctest's implementation
#    include <isolite/doctest_main.hpp>
#endif

#include "silent_listener.hpp"

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

/// Writes what it is told to the file that a variable names, but for times.
struct diary final : doctest::IReporter {
    explicit diary(const doctest::ContextOptions& /*options*/) {}

    static void write(const std::string& line) {
        const char* const path = std::getenv("SUBJECT_DIARY");
        std::ofstream(path ? path : "/dev/null", std::ios::app) << line << "\n";
    }

    void report_query(const doctest::QueryData& /*data*/) override {}
    void test_run_start() override { write("run"); }
    void test_run_end(const doctest::TestRunStats& stats) override {
        write("end: " + std::to_string(stats.numTestCases) + " cases, " +
              std::to_string(stats.numTestCasesFailed) + " failed, " +
              std::to_string(stats.numAsserts) + " assertions, " +
              std::to_string(stats.numAssertsFailed) + " failed");
    }
    void test_case_start(const doctest::TestCaseData& test) override {
        write(std::string("case ") + test.m_name);
    }
    void test_case_reenter(const doctest::TestCaseData& test) override {
        write(std::string("again ") + test.m_name);
    }
    void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
        write("end of case: " + std::to_string(stats.numAssertsCurrentTest) + ", " +
              std::to_string(stats.failure_flags) + ", " + std::to_string(stats.testCaseSuccess));
    }
    void test_case_exception(const doctest::TestCaseException& exception) override {
        write(std::string("exception ") + exception.error_string.c_str());
    }
    void subcase_start(const doctest::SubcaseSignature& subcase) override {
        write(std::string("subcase ") + subcase.m_name.c_str());
    }
    void subcase_end() override { write("end of subcase"); }
    void log_assert(const doctest::AssertData& /*assertion*/) override {}
    void log_message(const doctest::MessageData& /*message*/) override {}
    void test_case_skipped(const doctest::TestCaseData& test) override {
        write(std::string("skipped ") + test.m_name);
    }
};

/// Prepares for the run what all cases need, and is told of it after all others.
struct late_preparation final : silent_listener {
    static std::string path() {
        const char* const named = std::getenv("SUBJECT_PREPARED");
        return named ? named : "";
    }

    explicit late_preparation(const doctest::ContextOptions& /*options*/) {}
    void test_run_start() override { std::ofstream(path()) << "prepared"; }
    void test_run_end(const doctest::TestRunStats& /*stats*/) override {
        std::remove(path().c_str());
    }
};

REGISTER_LISTENER("diary", 1, diary);
REGISTER_LISTENER("late preparation", -1, late_preparation);

template <typename Body>
void in_threads(Body body) {
    std::atomic<bool> begun{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            while (!begun) {
            }
            body();
        });
    }
    begun = true;
    for (std::thread& each : threads) {
        each.join();
    }
}

} // namespace

TEST_CASE("what a listener prepared is there") {
    CHECK(std::ifstream(late_preparation::path()).good());
}

TEST_CASE("assertions pass in threads") {
    in_threads([] {
        for (int i = 0; i < 20'000; ++i) {
            CHECK(i >= 0);
        }
    });
}

TEST_CASE("assertions fail in threads") {
    in_threads([] {
        for (int i = 0; i < 500; ++i) {
            CHECK_MESSAGE(i < 0, "a text that is too long to be kept without the heap");
        }
    });
}

TEST_CASE("an exception leaves a subcase at once") {
    INFO("around ", 1);
    SUBCASE("throws") {
        INFO("inside");
        throw std::runtime_error("at once");
    }
}

TEST_CASE("an exception leaves a subcase that has asserted") {
    INFO("around");
    SUBCASE("is innocent") {
        CHECK(1 == 2);
    }
    INFO("more around");
    SUBCASE("throws") {
        INFO("inside");
        CHECK(1 == 2);
        throw std::runtime_error("afterwards");
    }
}

TEST_CASE("an exception leaves two subcases") {
    INFO("around");
    SUBCASE("outer") {
        INFO("in between");
        CHECK(1 == 2);
        SUBCASE("inner") {
            CAPTURE(3);
            FAIL_CHECK("a message");
            throw std::runtime_error("from within");
        }
    }
}

TEST_SUITE("decorated") {
    TEST_CASE("should fail" * doctest::should_fail()) {
        CHECK(1 == 2);
    }
    TEST_CASE("should fail and does not" * doctest::should_fail()) {
        CHECK(1 == 1);
    }
    TEST_CASE("may fail" * doctest::may_fail()) {
        CHECK(1 == 2);
    }
    TEST_CASE("fails twice" * doctest::expected_failures(2)) {
        CHECK(1 == 2);
        CHECK_FALSE(1 == 1);
    }
    TEST_CASE("is skipped" * doctest::skip() * doctest::description("unless --no-skip")) {
        CHECK(1 == 1);
    }
    TEST_CASE("says nothing" * doctest::no_output()) {
        CHECK(1 == 2);
    }
}

TEST_SUITE("tools") {
    TEST_CASE("messages and warnings") {
        MESSAGE("a message");
        WARN(1 == 2);
        CHECK(std::string("one") == "another");
        CHECK_THROWS_AS(throw std::runtime_error("caught"), std::logic_error);
        CHECK_THROWS_WITH(throw std::runtime_error("caught"), "something else");
        CHECK_NOTHROW(throw 7);
        REQUIRE(1 == 2);
    }
    TEST_CASE("FAIL ends a case") {
        CAPTURE(42);
        FAIL("for a reason");
    }
    TEST_CASE_TEMPLATE("of each type", Number, int, double) {
        CHECK(sizeof(Number) == sizeof(int));
    }
    TEST_CASE("Order: upper case comes first") {
        CHECK(true);
    }
    SCENARIO("given, when, then") {
        GIVEN("a number") {
            int number = 1;
            WHEN("it is raised") {
                ++number;
                THEN("it is two") {
                    CHECK(number == 2);
                }
                THEN("it is three") {
                    CHECK(number == 3);
                }
            }
        }
    }
}
