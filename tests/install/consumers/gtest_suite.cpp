#include "shop.hpp"

#include <isolite/gtest_main.hpp>

using Shop = isolite::googletest::session<shop>;

TEST_F(Shop, Stays) {
    EXPECT_EQ(value<int>("SELECT count(*) FROM products"), 1);
}
TEST_F(Shop, Leaks) {
    execute("DELETE FROM products");
    execute("COMMIT");
}
