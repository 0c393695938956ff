#include "broken_fixture.hpp"

#include <isolite/doctest_main.hpp>

// Suites of which one has a fixture that crashes; workers_test.py judges.

namespace {

const bool fixture = isolite::doc_test::suite_fixture<chaos::broken_data>("broken");

} // namespace

TEST_SUITE("before") {
    TEST_CASE("b1") {}
    TEST_CASE("b2") {}
}

TEST_SUITE("broken") {
    TEST_CASE("x1") {}
    TEST_CASE("x2") {}
    TEST_CASE("x3") {}
}

TEST_SUITE("later") {
    TEST_CASE("l1") {}
    TEST_CASE("l2") {}
}
