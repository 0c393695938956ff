// Of two suites a case of the one spoils something for a case of the other, one expires, and one
// fails when it runs twice.
#include <isolite/doctest_main.hpp>

#include "dependent.hpp"

TEST_SUITE("customers") {
    TEST_CASE("list") {
        CHECK(!imported());
    }
    TEST_CASE("import") {
        imported() = true;
    }
}

TEST_SUITE("orders") {
    TEST_CASE("count") {}
    TEST_CASE("total") {
        CHECK(!imported());
    }
    TEST_CASE("cancel") {
        CHECK(is_first_cancellation());
    }
    TEST_CASE("pay") {
        CHECK(is_card_valid());
    }
    TEST_CASE("refund" * doctest::skip()) {
        CHECK(!imported());
    }
}
