#include <isolite/doctest_main.hpp>

#include <cstdlib>
#include <string>

namespace {

std::string currency() {
    const char* const chosen = std::getenv("SHOP_CURRENCY");
    return chosen == nullptr ? "USD" : chosen;
}

} // namespace

TEST_SUITE("customers") {
    TEST_CASE("are imported from Europe") {
        ::setenv("SHOP_CURRENCY", "EUR", 1);
        CHECK(currency() == "EUR");
    }

    TEST_CASE("are counted") {
        CHECK(1 + 1 == 2);
    }
}

TEST_SUITE("orders") {
    TEST_CASE("cost dollars") {
        CHECK(currency() == "USD");
    }
}
