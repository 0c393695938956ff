#include "broken_seeds.hpp"

#include <isolite/doctest.hpp>

#include <doctest/doctest.h>

// Every case that has a fixture must fail before its body; set_up_test.py looks at the reasons.

namespace {

template <typename Database>
using test_of = isolite::doc_test::session<Database>;

void unreachable() {
    FAIL_CHECK("the body of a test ran although its set-up failed");
}

} // namespace

TEST_CASE_FIXTURE(test_of<wrong_sql>, "wrong SQL, first") {
    unreachable();
}
TEST_CASE_FIXTURE(test_of<wrong_sql>, "wrong SQL, again") {
    unreachable();
}
TEST_CASE_FIXTURE(test_of<missing_file>, "missing file, first") {
    unreachable();
}
TEST_CASE_FIXTURE(test_of<missing_file>, "missing file, again") {
    unreachable();
}
TEST_CASE_FIXTURE(test_of<throwing_step>, "throwing step, first") {
    unreachable();
}
TEST_CASE_FIXTURE(test_of<throwing_step>, "throwing step, again") {
    unreachable();
}
TEST_CASE_FIXTURE(test_of<throwing_description>, "throwing description, first") {
    unreachable();
}
TEST_CASE_FIXTURE(test_of<throwing_description>, "throwing description, again") {
    unreachable();
}
TEST_CASE_FIXTURE(test_of<throwing_connection>, "throwing connection, first") {
    unreachable();
}
TEST_CASE_FIXTURE(test_of<throwing_connection>, "throwing connection, again") {
    unreachable();
}
TEST_CASE("needs no database") {
    CHECK(true);
}
