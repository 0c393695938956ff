// Cases with names that a filter has to be written carefully for; names_test.py judges.
#include "catch2_header.hpp"

#include "fails_here.hpp"

#include <isolite/catch2.hpp>

TEST_CASE("simple") {
    CHECK_FALSE(fails_here(0));
}

TEST_CASE("simple and more") {
    CHECK_FALSE(fails_here(1));
}

TEST_CASE("it's one, two, $three and \\") {
    CHECK_FALSE(fails_here(2));
}

TEST_CASE("a [tag] in it, and a ] more") {
    CHECK_FALSE(fails_here(3));
}

TEST_CASE("\"quoted\"") {
    CHECK_FALSE(fails_here(4));
}

TEST_CASE("~not") {
    CHECK_FALSE(fails_here(5));
}

TEST_CASE("-s") {
    CHECK_FALSE(fails_here(6));
}

TEST_CASE("exclude:this") {
    CHECK_FALSE(fails_here(7));
}

TEST_CASE("a star * in it") {
    CHECK_FALSE(fails_here(8));
}

TEST_CASE("hidden", "[.]") {
    CHECK_FALSE(fails_here(9));
}
