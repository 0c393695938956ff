#include "shop.hpp"

#include <isolite/gtest_main.hpp>

using Orders = isolite::googletest::session<shop>;

TEST_F(Orders, AreStored) {
    execute("INSERT INTO orders VALUES (?)", 7);
    EXPECT_EQ(value<int>("SELECT count(*) FROM orders"), 1);
}

TEST_F(Orders, AreNoneAtFirst) {
    EXPECT_EQ(value<int>("SELECT count(*) FROM orders"), 0);
}

class OrdersOf : public Orders, public testing::WithParamInterface<const char*> {};

TEST_P(OrdersOf, AreStored) {
    execute("INSERT INTO orders VALUES (?)", GetParam());
    EXPECT_EQ(value<int>("SELECT count(*) FROM orders"), 1);
}

INSTANTIATE_TEST_SUITE_P(Products, OrdersOf, testing::Values("bread, white", "tea [black]"));
