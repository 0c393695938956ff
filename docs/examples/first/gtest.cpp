#include <isolite/gtest_main.hpp>
#include <isolite/seed.hpp>

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql(
            "CREATE TABLE products (id INTEGER PRIMARY KEY, stock INTEGER NOT NULL);"
            "INSERT INTO products VALUES (7, 100);");
    }
};
// [test]
using Shop = isolite::googletest::session<shop>;

TEST_F(Shop, AnOrderReducesTheStock) {
    execute("UPDATE products SET stock = stock - 2 WHERE id = 7");
    EXPECT_EQ(value<int>("SELECT stock FROM products WHERE id = ?", 7), 98);
}
// [/test]
