// Of two suites a case of the one spoils something for a case of the other, and one expires.
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
    TEST_CASE("cancel") {}
    TEST_CASE("pay") {
        CHECK(is_card_valid());
    }
}
