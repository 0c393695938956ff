// A case spoils something for others, one expires, and one fails when it runs twice.
#include <isolite/catch2_main.hpp>

#include "dependent.hpp"

#if __has_include(<catch2/catch_test_macros.hpp>)
#    include <catch2/catch_test_macros.hpp>
#endif

TEST_CASE("customers/list") {
    CHECK(!imported());
}
TEST_CASE("customers/import") {
    imported() = true;
}
TEST_CASE("orders/count") {}
TEST_CASE("orders/total") {
    CHECK(!imported());
}
TEST_CASE("orders/cancel") {
    CHECK(is_first_cancellation());
}
TEST_CASE("orders/pay") {
    CHECK(is_card_valid());
}
TEST_CASE("orders/refund", "[.][late]") {
    CHECK(!imported());
}
