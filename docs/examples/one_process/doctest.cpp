#include "shop.hpp"

#include <isolite/doctest_main.hpp>

using shop_test = isolite::doc_test::session<shop>;

TEST_CASE_FIXTURE(shop_test, "an order is stored") {
    execute("INSERT INTO orders VALUES (?)", 7);
    CHECK(value<int>("SELECT count(*) FROM orders") == 1);
}

TEST_CASE_FIXTURE(shop_test, "orders: first none, then one [or two]") {
    CHECK(value<int>("SELECT count(*) FROM orders") == 0);
    execute("INSERT INTO orders VALUES (?)", 7);
    SUBCASE("one") {
        CHECK(value<int>("SELECT count(*) FROM orders") == 1);
    }
    SUBCASE("two") {
        execute("INSERT INTO orders VALUES (?)", 8);
        CHECK(value<int>("SELECT count(*) FROM orders") == 2);
    }
}

TEST_CASE_TEMPLATE("an order of any type", Number, int, std::int64_t) {
    shop_test test;
    test.execute("INSERT INTO orders VALUES (?)", Number(7));
    CHECK(test.value<int>("SELECT count(*) FROM orders") == 1);
}
