// Tells which cases run, in which order; verify_test.py judges.
#include <isolite/catch2_main.hpp>

#include "told.hpp"

#if __has_include(<catch2/catch_test_macros.hpp>)
#    include <catch2/catch_test_macros.hpp>
#endif

TEST_CASE("orders/first") {
    tell("first");
}

TEST_CASE("orders/second") {
    SECTION("one") {
        tell("second, one");
    }
    SECTION("two") {
        tell("second, two");
    }
}

TEST_CASE("other") {
    tell("other");
}
