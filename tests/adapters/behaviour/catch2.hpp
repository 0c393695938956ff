#pragma once

// How the behaviour suite is written for Catch2; gtest.hpp says what each macro is. Catch2 has no
// suites: cases have tags for them, and none has data.

#include "../catch2_header.hpp"

#include <isolite/catch2.hpp>

namespace framework {
using isolite::catch2::session;
} // namespace framework

#define WITHOUT_SUITES

#define PLAIN ""
#define COMMITTING "[copy_on_write]"
#define ROLLING_BACK "[rollback]"
#define SHARING "[uses:a port]"
#define ALONE "[serial]"
#define FORGIVEN "[!mayfail]"

#define BEHAVIOUR_SUITE(name) static_assert(true)
#define BEHAVIOUR_CASE(suite, name, fixture, mark)                                                 \
    struct suite##_##name : fixture {                                                              \
        void body();                                                                               \
    };                                                                                             \
    TEST_CASE_METHOD(suite##_##name, #suite "/" #name, "[" #suite "]" mark) {                      \
        body();                                                                                    \
    }                                                                                              \
    void suite##_##name::body()
#if CATCH_VERSION_MAJOR == 2
using behaviour_listener = Catch::TestEventListenerBase;
using behaviour_config = const Catch::ReporterConfig&;
#else
using behaviour_listener = Catch::EventListenerBase;
using behaviour_config = const Catch::IConfig*;
#endif
#define BEHAVIOUR_EARLY(type)                                                                      \
    struct listener_with_##type : behaviour_listener {                                             \
        explicit listener_with_##type(behaviour_config config) : behaviour_listener(config) {      \
            type();                                                                                \
        }                                                                                          \
    };                                                                                             \
    CATCH_REGISTER_LISTENER(listener_with_##type)
#define VERIFY(condition) CHECK(condition)
#define FAIL_WITH(text) FAIL_CHECK(text)
