#include "shop.hpp"

#include <isolite/catch2_main.hpp>

#if __has_include(<catch2/catch_test_macros.hpp>)
#    include <catch2/catch_template_test_macros.hpp> // version 3
#    include <catch2/catch_test_macros.hpp>
#    include <catch2/generators/catch_generators.hpp>
#endif

using shop_test = isolite::catch2::session<shop>;

TEST_CASE_METHOD(shop_test, "an order is stored", "[orders]") {
    const int product = GENERATE(7, 8);
    execute("INSERT INTO orders VALUES (?)", product);
    CHECK(value<int>("SELECT sum(product) FROM orders") == product);
}

TEST_CASE_METHOD(shop_test, "orders: first none, then one [or two]") {
    CHECK(value<int>("SELECT count(*) FROM orders") == 0);
    execute("INSERT INTO orders VALUES (?)", 7);
    CHECK(value<int>("SELECT count(*) FROM orders") == 1);
}

TEMPLATE_TEST_CASE("an order of any type", "", int, std::int64_t) {
    shop_test test;
    test.execute("INSERT INTO orders VALUES (?)", TestType(7));
    CHECK(test.value<int>("SELECT count(*) FROM orders") == 1);
}
