#include <isolite/gtest_main.hpp> // instead of <gtest/gtest.h> and gtest_main
#include <isolite/seed.hpp>

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql("CREATE TABLE orders (product INTEGER NOT NULL);");
    }
};
using Orders = isolite::googletest::session<shop>;

TEST_F(Orders, AreStored) {
    execute("INSERT INTO orders VALUES (?)", 7);
    EXPECT_EQ(value<int>("SELECT product FROM orders"), 7);
}

TEST_F(Orders, AreNoneAtFirst) {
    EXPECT_EQ(value<int>("SELECT count(*) FROM orders"), 0);
}
