// Of two suites a case of the one spoils something for a case of the other, and one expires.
#include <isolite/gtest_main.hpp>

#include "dependent.hpp"

TEST(customers, list) {
    EXPECT_FALSE(imported());
}
TEST(customers, import) {
    imported() = true;
}

TEST(orders, count) {}
TEST(orders, total) {
    EXPECT_FALSE(imported());
}
TEST(orders, cancel) {}
TEST(orders, pay) {
    EXPECT_TRUE(is_card_valid());
}
