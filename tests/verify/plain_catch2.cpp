#include "plain.hpp"

#if __has_include(<catch2/catch_test_macros.hpp>)
#    include <catch2/catch_template_test_macros.hpp>
#    include <catch2/catch_test_macros.hpp>
#else
#    define CATCH_CONFIG_MAIN
#    include <catch2/catch.hpp>
#endif

TEST_CASE("customers/list") {
    CHECK(shop::list());
}
TEST_CASE("customers/import", "[slow]") {
    CHECK(shop::import());
}
TEST_CASE("customers/merge", "[.]") {
    CHECK(false);
}
TEMPLATE_TEST_CASE("orders/count", "", int, (std::pair<int, double>)) {
    SECTION("once") {}
    SECTION("twice") {}
}
TEST_CASE("orders/total, of \"all\" [x] \\ y\nand z") {
    CHECK(shop::total());
}
TEST_CASE("# orders/cancel") {
    CHECK(shop::cancel());
}
TEST_CASE("orders/expected", "[!shouldfail]") {
    CHECK(false);
}
