// Cases with names that a filter has to be written carefully for; names_test.py judges.
#include <isolite/doctest_main.hpp>

#include "fails_here.hpp"

TEST_CASE("simple") {
    CHECK_FALSE(fails_here(0));
}

TEST_CASE("Simple") {
    CHECK_FALSE(fails_here(1));
}

TEST_CASE("simple and more") {
    CHECK_FALSE(fails_here(2));
}

TEST_CASE("it's one, two, $three and \\") {
    CHECK_FALSE(fails_here(3));
}

TEST_CASE("any * star? \"quoted\"") {
    CHECK_FALSE(fails_here(4));
}

TEST_SUITE("a suite, two") {
    TEST_CASE("twice") {
        CHECK_FALSE(fails_here(5));
    }
}

TEST_SUITE("another suite") {
    TEST_CASE("twice") {
        CHECK_FALSE(fails_here(6));
    }
}

TEST_CASE_TEMPLATE("types", type, int, long) {
    CHECK_FALSE(fails_here(sizeof(type) == sizeof(int) ? 7 : 8));
}

TEST_CASE("left out" * doctest::skip()) {
    CHECK_FALSE(fails_here(9));
}
