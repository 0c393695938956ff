// Of two suites a case of the one spoils something for a case of the other, one expires, and one
// fails when it runs twice.
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
TEST(orders, cancel) {
    EXPECT_TRUE(is_first_cancellation());
}
TEST(orders, pay) {
    EXPECT_TRUE(is_card_valid());
}
TEST(orders, DISABLED_refund) {
    EXPECT_FALSE(imported());
}
