// What else a program with GoogleTest may have: environments, listeners, mocks, death tests,
// threads that assert, tests with parameters and types. Built with isolite and, as the oracle,
// without it.
#include <gmock/gmock.h>

#ifdef WITHOUT_ISOLITE
#    include <gtest/gtest.h>
int main(int argc, char** argv) {
    testing::InitGoogleMock(&argc, argv);
    return RUN_ALL_TESTS();
}
#else
#    include <isolite/gtest_main.hpp>
#endif

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

bool is_asked_for(const char* name) {
    return std::getenv(name) != nullptr;
}

void write(const std::string& line) {
    static const std::string path =
        is_asked_for("SUBJECT_DIARY") ? std::getenv("SUBJECT_DIARY") : "";
    if (!path.empty()) {
        std::ofstream(path, std::ios::app) << line << "\n";
    }
}

int environments = 0;

/// Prepares for the run what all cases need.
struct environment final : testing::Environment {
    void SetUp() override {
        write("environment");
        ++environments;
        if (is_asked_for("SUBJECT_ENVIRONMENT_FAILS")) {
            EXPECT_EQ(1, 2) << "it goes on";
        }
        if (is_asked_for("SUBJECT_ENVIRONMENT_DIES")) {
            FAIL() << "no environment";
        }
        if (is_asked_for("SUBJECT_ENVIRONMENT_SKIPS")) {
            GTEST_SKIP() << "nothing to test here";
        }
        testing::Test::RecordProperty("of_all", "set up");
    }
    void TearDown() override {
        write("end of environment");
        EXPECT_FALSE(is_asked_for("SUBJECT_ENVIRONMENT_ENDS_BADLY"));
    }
};
const auto* const first = testing::AddGlobalTestEnvironment(new environment);

/// Writes what it is told to the file that a variable names, but for times.
struct diary final : testing::EmptyTestEventListener {
    void OnTestProgramStart(const testing::UnitTest& /*unit*/) override { write("program"); }
    void OnTestIterationStart(const testing::UnitTest& unit, int number) override {
        write("iteration " + std::to_string(number) + " of " +
              std::to_string(unit.test_to_run_count()));
    }
    void OnEnvironmentsSetUpStart(const testing::UnitTest& /*unit*/) override { write("set up"); }
    void OnEnvironmentsSetUpEnd(const testing::UnitTest& /*unit*/) override { write("is set up"); }
    void OnTestSuiteStart(const testing::TestSuite& suite) override {
        write("suite " + std::string(suite.name()) + ": " +
              std::to_string(suite.test_to_run_count()));
    }
    void OnTestStart(const testing::TestInfo& test) override {
        write("test " + std::string(test.name()));
    }
    void OnTestDisabled(const testing::TestInfo& test) override {
        write("disabled " + std::string(test.name()));
    }
    void OnTestPartResult(const testing::TestPartResult& part) override {
        write("part " + std::to_string(part.type()) + ": " + part.message());
    }
    void OnTestEnd(const testing::TestInfo& test) override {
        if (std::string(test.name()) == "Passes" && is_asked_for("SUBJECT_LISTENER_FAILS")) {
            ADD_FAILURE() << "the listener says no";
        }
        write("end of test: " + std::to_string(test.result()->total_part_count()) + ", " +
              std::to_string(test.result()->test_property_count()) + ", " +
              std::to_string(test.result()->Passed()));
    }
    void OnTestSuiteEnd(const testing::TestSuite& suite) override {
        write("end of suite: " + std::to_string(suite.Passed()));
    }
    void OnEnvironmentsTearDownStart(const testing::UnitTest& /*unit*/) override {
        write("tear down");
    }
    void OnTestIterationEnd(const testing::UnitTest& unit, int /*number*/) override {
        write("end of iteration: " + std::to_string(unit.successful_test_count()) + " of " +
              std::to_string(unit.test_to_run_count()));
    }
    void OnTestProgramEnd(const testing::UnitTest& /*unit*/) override { write("end"); }
};

/// Ends a test at its first fatal failure, also where a function of it fails.
struct thrower final : testing::EmptyTestEventListener {
    void OnTestPartResult(const testing::TestPartResult& part) override {
        if (part.type() == testing::TestPartResult::kFatalFailure) {
            throw testing::AssertionException(part);
        }
    }
};

testing::TestEventListener* in_workers(testing::TestEventListener* listener) {
#ifdef WITHOUT_ISOLITE
    return listener;
#else
    return isolite::googletest::in_workers(listener);
#endif
}

const bool listeners_are_there = [] {
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    listeners.Append(new diary);
    if (is_asked_for("SUBJECT_THROWS")) {
        listeners.Append(in_workers(new thrower));
    }
    return true;
}();

struct Fixed : testing::Test {
    static void SetUpTestSuite() { data = 7; }
    static void TearDownTestSuite() { data = 0; }
    static inline int data = 0;
};
TEST_F(Fixed, Passes) {
    EXPECT_EQ(environments, 1);
    EXPECT_EQ(data, 7);
    RecordProperty("key", "value <&>");
    RecordProperty("number", 5);
    SUCCEED() << "said so";
}
TEST_F(Fixed, Fails) {
    SCOPED_TRACE("a trace");
    EXPECT_EQ(1, 2) << "in\ntwo lines";
    ASSERT_TRUE(false);
}
TEST_F(Fixed, IsSkipped) {
    GTEST_SKIP() << "not today";
}
TEST_F(Fixed, Throws) {
    throw std::runtime_error("thrown");
}
TEST_F(Fixed, ThrowsSomethingElse) {
    throw 7;
}
TEST_F(Fixed, DISABLED_Never) {
    FAIL() << "disabled tests run on request only";
}
void fail_deeply() {
    FAIL() << "deep";
}
TEST_F(Fixed, FailsInAFunction) {
    fail_deeply();
    EXPECT_TRUE(false) << "unless a listener throws";
}
TEST_F(Fixed, FailsInAThread) {
    std::thread([] {
        for (int i = 0; i < 3; ++i) {
            ADD_FAILURE() << "in a thread: " << i;
        }
    }).join();
}
TEST_F(Fixed, HasAReservedProperty) {
    RecordProperty("name", "taken");
}

/// Reaches a private member, as GoogleTest's own tests do, which take back what they failed.
template <typename Name, auto Member>
struct granted {
    friend constexpr auto member(Name) { return Member; }
};
struct clears_parts {
    friend constexpr auto member(clears_parts);
};
template struct granted<clears_parts, &testing::TestResult::ClearTestPartResults>;

TEST_F(Fixed, TakesItsFailuresBack) {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    ADD_FAILURE() << "taken back";
    ADD_FAILURE() << "and this";
    (const_cast<testing::TestResult&>(*test.result()).*member(clears_parts{}))();
    SUCCEED() << "this stands";
}

struct FailsToSetUp : testing::Test {
    static void SetUpTestSuite() { ADD_FAILURE() << "no suite"; }
};
TEST_F(FailsToSetUp, One) {}
TEST_F(FailsToSetUp, Two) {}

struct ThrowsInSetUp : testing::Test {
    static void SetUpTestSuite() { throw std::runtime_error("no suite"); }
};
TEST_F(ThrowsInSetUp, One) {}

struct SkipsInSetUp : testing::Test {
    static void SetUpTestSuite() { GTEST_SKIP() << "no suite today"; }
};
TEST_F(SkipsInSetUp, One) {}
TEST_F(SkipsInSetUp, Two) {}

struct FailsAtItsEnd : testing::Test {
    static void SetUpTestSuite() { RecordProperty("of_suite", 3); }
    static void TearDownTestSuite() {
        RecordProperty("at_its_end", 4);
        ADD_FAILURE() << "at the end";
    }
};
TEST_F(FailsAtItsEnd, One) {}

struct FailsAround : testing::Test {
    FailsAround() { EXPECT_TRUE(false) << "in the constructor"; }
    ~FailsAround() override { EXPECT_TRUE(false) << "in the destructor"; }
    void SetUp() override { EXPECT_TRUE(false) << "in SetUp"; }
    void TearDown() override { EXPECT_TRUE(false) << "in TearDown"; }
};
TEST_F(FailsAround, One) {
    EXPECT_TRUE(false) << "in the body";
}

struct Odd : testing::TestWithParam<int> {};
TEST_P(Odd, IsOdd) {
    EXPECT_EQ(GetParam() % 2, 1);
}
INSTANTIATE_TEST_SUITE_P(Some, Odd, testing::Values(1, 2, 3));
INSTANTIATE_TEST_SUITE_P(More, Odd, testing::Range(10, 13),
                         [](const auto& each) { return "Of" + std::to_string(each.param); });

template <typename Value>
struct Sized : testing::Test {};
using values = testing::Types<int, double>;
TYPED_TEST_SUITE(Sized, values);
TYPED_TEST(Sized, HasFourBytes) {
    EXPECT_EQ(sizeof(TypeParam), 4U);
}

struct callee {
    virtual ~callee() = default;
    virtual int call(int with) = 0;
};
struct mocked : callee {
    MOCK_METHOD(int, call, (int), (override));
};
TEST(Mocks, AreCalled) {
    mocked mock;
    EXPECT_CALL(mock, call(3)).WillOnce(testing::Return(1));
    EXPECT_EQ(mock.call(3), 1);
}
TEST(Mocks, AreNotCalled) {
    mocked mock;
    EXPECT_CALL(mock, call(3)).WillOnce(testing::Return(1));
}
TEST(Mocks, AreLeft) {
    if (is_asked_for("SUBJECT_LEAVES_A_MOCK")) {
        static auto* const left = new mocked; // LeakSanitizer finds it
        EXPECT_CALL(*left, call(4));
    }
}
TEST(Mocks, AreLeftWithConsent) {
    static auto* const mock = new mocked;
    testing::Mock::AllowLeak(mock);
    EXPECT_CALL(*mock, call(4));
}

/// Has a mock for the whole run.
struct environment_with_mock final : testing::Environment {
    void SetUp() override {
        if (is_asked_for("SUBJECT_ENVIRONMENT_MOCKS")) {
            mock = std::make_unique<testing::NiceMock<mocked>>();
            ON_CALL(*mock, call).WillByDefault(testing::Return(7));
        }
    }
    void TearDown() override { mock.reset(); }

    static inline std::unique_ptr<testing::NiceMock<mocked>> mock;
};
const auto* const second = testing::AddGlobalTestEnvironment(new environment_with_mock);

TEST(Mocks, MayBeThereBefore) {
    mocked* const mock = environment_with_mock::mock.get();
    EXPECT_EQ(mock != nullptr ? mock->call(1) : 7, 7);
}

[[noreturn]] void die() {
    std::fprintf(stderr, "dying\n");
    std::abort();
}
TEST(GuestsDeathTest, DiesFast) {
    GTEST_FLAG_SET(death_test_style, "fast");
    EXPECT_DEATH(die(), "dying");
    EXPECT_DEATH(die(), "living");
    EXPECT_EXIT(std::exit(0), testing::ExitedWithCode(0), "");
}
TEST(GuestsDeathTest, DiesSafely) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    ::unsetenv("SUBJECT_DIARY");                 // this is the program again, from its main on
    EXPECT_DEATH(die(), testing::Eq("dying\n")); // and nothing of a run in the child
    EXPECT_EXIT(std::exit(3), testing::ExitedWithCode(3), "");
    EXPECT_EXIT(std::exit(0), testing::ExitedWithCode(0), "");
    EXPECT_DEATH(static_cast<void>(0), "");
}

} // namespace
