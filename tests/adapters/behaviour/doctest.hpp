#pragma once

// How the behaviour suite is written for doctest; gtest.hpp says what each macro is.

#include <isolite/doctest_main.hpp>

#include "../silent_listener.hpp"

namespace framework {
using isolite::doc_test::session;
template <typename Database>
using suite = isolite::doc_test::suite<Database>;
using isolite::doc_test::isolated;
using isolite::doc_test::serial;
using isolite::doc_test::uses;
} // namespace framework

#define PLAIN doctest::description("")
#define COMMITTING framework::isolated(isolite::mode::copy_on_write)
#define ROLLING_BACK framework::isolated(isolite::mode::rollback)
#define SHARING framework::uses("a port")
#define ALONE framework::serial()
#define FORGIVEN doctest::may_fail()

#define BEHAVIOUR_SUITE(name) static_assert(true)
#define BEHAVIOUR_SUITE_WITH(name, data)                                                           \
    const bool has_data_##name = isolite::doc_test::suite_fixture<data>(#name)
#define BEHAVIOUR_SUITE_MARKED(name, mark)                                                         \
    TEST_SUITE_BEGIN(#name* mark);                                                                 \
    TEST_SUITE_END()
#define BEHAVIOUR_CASE(suite, name, fixture, mark)                                                 \
    struct suite##_##name : fixture {                                                              \
        void body();                                                                               \
    };                                                                                             \
    TEST_SUITE_BEGIN(#suite);                                                                      \
    TEST_CASE_FIXTURE(suite##_##name, #name* mark) {                                               \
        body();                                                                                    \
    }                                                                                              \
    TEST_SUITE_END();                                                                              \
    void suite##_##name::body()
#define BEHAVIOUR_EARLY(type)                                                                      \
    struct listener_with_##type : silent_listener {                                                \
        explicit listener_with_##type(const doctest::ContextOptions& /*options*/) { type(); }      \
    };                                                                                             \
    DOCTEST_REGISTER_LISTENER("early", 1, listener_with_##type)
#define VERIFY(condition) CHECK(condition)
#define FAIL_WITH(text) FAIL_CHECK(text)
