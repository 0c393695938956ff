#pragma once

// How the behaviour suite is written for Boost.Test; gtest.hpp says what each macro is.

#define BOOST_TEST_MODULE behaviour
#include <isolite/boost_test_main.hpp>

namespace framework {
using isolite::boost_test::session;
template <typename Database>
using suite = isolite::boost_test::suite<Database>;
using isolite::boost_test::isolated;
using isolite::boost_test::serial;
using isolite::boost_test::uses;
} // namespace framework

#define PLAIN *boost::unit_test::description("")
#define COMMITTING *framework::isolated(isolite::mode::copy_on_write)
#define ROLLING_BACK *framework::isolated(isolite::mode::rollback)
#define SHARING *framework::uses("a port")
#define ALONE *framework::serial()
#define FORGIVEN *boost::unit_test::expected_failures(is_asked_for("SUBJECT_FORGIVES") ? 1 : 0)

#define BEHAVIOUR_SUITE(name) static_assert(true)
#define BEHAVIOUR_SUITE_WITH(name, data)                                                           \
    BEHAVIOUR_SUITE_MARKED(name, *isolite::boost_test::suite_fixture<data>())
#define BEHAVIOUR_SUITE_MARKED(name, mark)                                                         \
    BOOST_AUTO_TEST_SUITE(name, mark)                                                              \
    BOOST_AUTO_TEST_SUITE_END() static_assert(true)
#define BEHAVIOUR_CASE(suite, name, fixture, mark)                                                 \
    struct suite##_##name : fixture {                                                              \
        void body();                                                                               \
    };                                                                                             \
    BOOST_AUTO_TEST_SUITE(suite)                                                                   \
    BOOST_FIXTURE_TEST_CASE(name, suite##_##name, mark) {                                          \
        body();                                                                                    \
    }                                                                                              \
    BOOST_AUTO_TEST_SUITE_END()                                                                    \
    void suite##_##name::body()
#define BEHAVIOUR_EARLY(type) BOOST_GLOBAL_FIXTURE(type)
#define VERIFY(condition) BOOST_CHECK(condition)
#define FAIL_WITH(text) BOOST_ERROR(text)
