#include "plain.hpp"

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

TEST_SUITE("customers") {
    TEST_CASE("list") {
        CHECK(shop::list());
    }
    TEST_CASE("import") {
        CHECK(shop::import());
    }
    TEST_CASE("merge" * doctest::skip()) {
        CHECK(false);
    }
    TEST_CASE("count") {}
}

TEST_SUITE("orders") {
    TEST_CASE("count") {
        SUBCASE("once") {}
        SUBCASE("twice") {}
    }
    TEST_CASE("total, of \"all\" <x> \\ y\nand z") {
        CHECK(shop::total());
    }
    TEST_CASE("cancel") {
        CHECK(shop::cancel());
    }
    TEST_CASE("expected" * doctest::should_fail()) {
        CHECK(false);
    }
}
