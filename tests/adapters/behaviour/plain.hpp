#pragma once

// How the behaviour suite is written without a framework; gtest.hpp says what each macro is.

#include <isolite/suite.hpp>

#include <SQLiteCpp/SQLiteCpp.h>

#include <functional>
#include <string>
#include <utility>

namespace framework {

inline isolite::suite& tests() {
    static isolite::suite all;
    return all;
}

template <typename Database, isolite::mode Mode = isolite::mode_of<Database>>
struct session : isolite::fixture {
    session() : fixture(tests().adapter(), isolite::worker_database_of<Database>(), Mode) {}
};

inline bool add(std::string name, std::function<void()> body, isolite::case_marks marks) {
    tests().add(std::move(name), std::move(body), std::move(marks));
    return true;
}

inline isolite::case_marks with(isolite::mode mode) {
    isolite::case_marks marks;
    marks.mode = mode;
    return marks;
}

inline isolite::case_marks with(std::string resource, bool serial) {
    isolite::case_marks marks;
    if (!serial) {
        marks.resources.push_back(std::move(resource));
    }
    marks.serial = serial;
    return marks;
}

} // namespace framework

#define WITHOUT_SUITES

#define PLAIN isolite::case_marks()
#define COMMITTING framework::with(isolite::mode::copy_on_write)
#define ROLLING_BACK framework::with(isolite::mode::rollback)
#define SHARING framework::with("a port", false)
#define ALONE framework::with("", true)

#define BEHAVIOUR_SUITE(name) static_assert(true)
#define BEHAVIOUR_CASE(suite, name, fixture, mark)                                                 \
    struct suite##_##name : fixture {                                                              \
        void body();                                                                               \
    };                                                                                             \
    const bool added_##suite##_##name = framework::add(                                            \
        #suite "/" #name,                                                                          \
        [] {                                                                                       \
            suite##_##name test;                                                                   \
            test.body();                                                                           \
        },                                                                                         \
        mark);                                                                                     \
    void suite##_##name::body()
#define VERIFY(condition) ((condition) ? void() : framework::tests().fail(#condition))
#define FAIL_WITH(text) framework::tests().fail(text)

int main(int argc, char** argv) {
    return framework::tests().run(argc, argv);
}
