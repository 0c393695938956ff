#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

namespace {

std::string currency() {
    const char* const chosen = std::getenv("SHOP_CURRENCY");
    return chosen == nullptr ? "USD" : chosen;
}

} // namespace

TEST_SUITE("orders") {
    TEST_CASE("cost dollars") {
        CHECK(currency() == "USD");
    }

    TEST_CASE("are counted") {
        CHECK(1 + 1 == 2);
    }
}

TEST_SUITE("customers") {
    TEST_CASE("are imported, from Europe") {
        ::setenv("SHOP_CURRENCY", "EUR", 1);
        CHECK(currency() == "EUR");
    }
}
