#pragma once

// How the behaviour suite is written for GoogleTest. Each framework's header has the same macros:
//   BEHAVIOUR_SUITE(suite)                 names a suite
//   BEHAVIOUR_SUITE_WITH(suite, data)      names one whose data is `data`, a `framework::suite`
//   BEHAVIOUR_SUITE_MARKED(suite, mark)    names one whose cases are all marked
//   BEHAVIOUR_CASE(suite, name, fixture, mark) { BODY }
//                                          a case on a fixture, of which its body is a member
//   BEHAVIOUR_EARLY(type)                  makes a `type` before the first case, as global fixtures
//                                          and listeners of this framework are made
//   PLAIN, COMMITTING, ...                 what a case can be marked with; FORGIVEN is missing
//                                          where no failure is forgiven
//   VERIFY(condition), FAIL_WITH(text)     assertions after which a case goes on

#include <isolite/gtest_main.hpp>

#include <memory>

namespace framework {
template <typename Database, isolite::mode Mode = isolite::mode_of<Database>>
using session = isolite::googletest::local_session<Database, Mode>;
template <typename Database>
using suite = isolite::googletest::suite<Database>;
using isolite::googletest::isolated;

template <typename Data>
struct suite_with : testing::Test {
    static void SetUpTestSuite() { data = std::make_unique<Data>(); }
    static void TearDownTestSuite() { data.reset(); }
    static inline std::unique_ptr<Data> data;
};
} // namespace framework

#define PLAIN isolite::case_marks()
#define COMMITTING framework::isolated(isolite::mode::copy_on_write)
#define ROLLING_BACK framework::isolated(isolite::mode::rollback)
#define SHARING isolite::googletest::uses("a port")
#define ALONE isolite::googletest::serial()

#define BEHAVIOUR_SUITE(name)                                                                      \
    struct name : testing::Test {}
#define BEHAVIOUR_SUITE_WITH(name, data)                                                           \
    struct name : framework::suite_with<data> {}
#define BEHAVIOUR_SUITE_MARKED(name, mark_)                                                        \
    BEHAVIOUR_SUITE(name);                                                                         \
    const bool marked_##name = isolite::googletest::mark(#name ".*", mark_)
#define BEHAVIOUR_CASE(suite, name, fixture, mark_)                                                \
    struct suite##_##name : fixture {                                                              \
        void body();                                                                               \
    };                                                                                             \
    TEST_F(suite, name) {                                                                          \
        suite##_##name test;                                                                       \
        test.body();                                                                               \
    }                                                                                              \
    const bool marked_##suite##_##name = isolite::googletest::mark(#suite "." #name, mark_);       \
    void suite##_##name::body()
#define BEHAVIOUR_EARLY(type)                                                                      \
    struct environment_of_##type : testing::Environment {                                          \
        void SetUp() override { type(); }                                                          \
    };                                                                                             \
    const auto* const early = testing::AddGlobalTestEnvironment(new environment_of_##type)
#define VERIFY(condition) EXPECT_TRUE(condition)
#define FAIL_WITH(text) ADD_FAILURE() << (text)
