// Tests of GoogleTest on databases. The name of a test says what is to become of it.
#ifdef WITH_OWN_MAIN
#    include <isolite/gtest.hpp>
int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
#else
#    include <isolite/gtest_main.hpp>
#endif

#include "databases_of_modes.hpp"

#include <SQLiteCpp/Database.h>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include <unistd.h>

namespace {

using isolite::mode;
using isolite::googletest::isolated;
using isolite::googletest::local_session;
using isolite::googletest::mark;
using isolite::googletest::serial;
using isolite::googletest::session;
using isolite::googletest::suite;

bool is_asked_for(const char* name) {
    return std::getenv(name) != nullptr;
}

void commit(isolite::fixture& test) {
    test.execute("INSERT INTO products(name) VALUES ('bread')");
    test.execute("COMMIT");
}

// Sessions.

using Stock = session<stock>;
TEST_F(Stock, First) {
    EXPECT_TRUE(pristine(*this));
    execute("DELETE FROM products");
}
TEST_F(Stock, Second) {
    EXPECT_TRUE(pristine(*this));
    execute("DELETE FROM products");
}
TEST_F(Stock, Leaks) {
    commit(*this);
}
TEST_F(Stock, FailsAndLeaks) {
    commit(*this);
    FAIL() << "the test's own failure";
}
TEST_F(Stock, IsSkippedAndLeaksNothing) {
    GTEST_SKIP() << "not today";
}
TEST_F(Stock, DISABLED_Leaks) {
    commit(*this);
}

TEST(Local, First) {
    local_session<stock> test;
    EXPECT_TRUE(pristine(test));
    test.execute("DELETE FROM products");
}
TEST(Local, Second) {
    local_session<stock> test;
    EXPECT_TRUE(pristine(test));
}
TEST(Local, LeaksInTheMiddle) {
    {
        local_session<stock> test;
        commit(test);
    }
    SUCCEED() << "and goes on";
}

class Derived : public session<stock> {
  protected:
    void SetUp() override { execute("INSERT INTO products(name) VALUES ('soap')"); }
    void TearDown() override {
        EXPECT_EQ(value<int>("SELECT count(*) FROM products WHERE name = 'soap'"), 1);
    }
};
TEST_F(Derived, HasItsSetUp) {
    EXPECT_EQ(count(db()), 3);
}

class Sampled : public session<stock>, public testing::WithParamInterface<std::string> {};
TEST_P(Sampled, StartsPristine) {
    EXPECT_TRUE(pristine(*this));
    execute("INSERT INTO products(name) VALUES (?)", GetParam());
    EXPECT_EQ(count(db()), 3);
}
INSTANTIATE_TEST_SUITE_P(Some, Sampled, testing::Values("salt", "rice"));

template <typename Database>
class Typed : public session<Database> {};
using databases = testing::Types<stock, committing_stock, stock_and_books>;
TYPED_TEST_SUITE(Typed, databases);
TYPED_TEST(Typed, StartsPristine) {
    EXPECT_TRUE(pristine(*this));
    this->execute("DELETE FROM products");
}

// Modes.

using Committing = session<stock, mode::copy_on_write>;
TEST_F(Committing, CommitsByItsType) {
    EXPECT_TRUE(commits(*this));
}
TEST_F(Committing, RollsBackByItsMark) {
    EXPECT_FALSE(commits(*this));
}
const bool rolls_back = mark("*.RollsBackByItsMark", isolated(mode::rollback));

using CommittingStock = session<committing_stock>;
TEST_F(CommittingStock, CommitsByItsDatabase) {
    EXPECT_TRUE(commits(*this));
}

class Marked : public session<stock> {};
TEST_F(Marked, CommitsByItsSuite) {
    EXPECT_TRUE(commits(*this));
}
TEST_F(Marked, CommitsByItsSuiteToo) {
    EXPECT_TRUE(pristine(*this));
    EXPECT_TRUE(commits(*this));
}
const bool commits_all = mark("Marked.*", isolated(mode::copy_on_write));

// Suites.

struct orders : suite<stock> {
    orders() {
        std::fprintf(stderr, "made the suite\n");
        execute("INSERT INTO products(name) VALUES ('of the suite')");
    }
};
class WithData : public session<stock> {
  public:
    static void SetUpTestSuite() { data = std::make_unique<orders>(); }
    static void TearDownTestSuite() { data.reset(); }

  private:
    static inline std::unique_ptr<orders> data;
};
TEST_F(WithData, First) {
    EXPECT_EQ(count(db()), 3);
    execute("DELETE FROM products");
}
TEST_F(WithData, Second) {
    EXPECT_EQ(count(db()), 3);
    execute("DELETE FROM products");
}

struct unseeded {
    static isolite::seed seed() {
        if (is_asked_for("SUBJECT_SEED_FAILS")) {
            throw std::runtime_error("no seed today");
        }
        return stock::seed();
    }
};
class WithBrokenData : public session<stock> {
  public:
    static void SetUpTestSuite() { data = std::make_unique<suite<unseeded>>(); }
    static void TearDownTestSuite() { data.reset(); }

  private:
    static inline std::unique_ptr<suite<unseeded>> data;
};
TEST_F(WithBrokenData, First) {
    EXPECT_TRUE(pristine(*this));
}
TEST_F(WithBrokenData, Second) {
    EXPECT_TRUE(pristine(*this));
}
using WithoutSeed = session<unseeded>;
TEST_F(WithoutSeed, Opens) {
    EXPECT_TRUE(pristine(*this));
}

// What workers are for.

TEST(Perils, MayDie) {
    std::printf("what it wrote\n");
    EXPECT_FALSE(is_asked_for("SUBJECT_DIES")) << "before it died";
    if (is_asked_for("SUBJECT_DIES")) {
        std::abort();
    }
}
TEST(Perils, TakesAWhile) {
    if (is_asked_for("SUBJECT_TAKES_A_WHILE")) {
        ::usleep(15000);
    }
}
/// Fails when no suite runs, or at the latest when the process ends.
struct late_thread {
    late_thread()
        : thread([] {
              while (testing::UnitTest::GetInstance()->current_test_suite() != nullptr) {
                  std::this_thread::yield();
              }
              ADD_FAILURE() << "too late for any test";
          }) {}
    ~late_thread() { thread.join(); }
    late_thread(const late_thread&) = delete;
    late_thread& operator=(const late_thread&) = delete;
    std::thread thread;
};
TEST(Perils, MayLeaveAThread) {
    if (is_asked_for("SUBJECT_LEAVES_A_THREAD")) {
        static const late_thread thread;
    }
}
struct DyingSuite : testing::Test {
    static void SetUpTestSuite() {
        if (is_asked_for("SUBJECT_SUITE_DIES")) {
            std::abort();
        }
    }
};
TEST_F(DyingSuite, First) {}
TEST_F(DyingSuite, Second) {}
struct HangingSuite : testing::Test {
    static void TearDownTestSuite() {
        if (is_asked_for("SUBJECT_SUITE_HANGS")) {
            ::pause();
        }
        if (is_asked_for("SUBJECT_SUITE_DIES_LAST")) {
            std::abort();
        }
    }
};
TEST_F(HangingSuite, First) {}

struct ThrowingAtTheEnd : testing::Environment {
    void TearDown() override { throw std::runtime_error("no end"); }
};
const testing::Environment* const throwing =
    is_asked_for("SUBJECT_ENVIRONMENT_THROWS")
        ? testing::AddGlobalTestEnvironment(new ThrowingAtTheEnd)
        : nullptr;

const bool nothing = is_asked_for("SUBJECT_MARKS_NOTHING") && mark("Nowhere.*", serial());

} // namespace
