#include <isolite/catch2_main.hpp> // Catch2 with a main: in one source file of the program
#include <isolite/seed.hpp>

#if __has_include(<catch2/catch_test_macros.hpp>)
#    include <catch2/catch_test_macros.hpp> // version 3
#endif

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql(
            "CREATE TABLE products (id INTEGER PRIMARY KEY, stock INTEGER NOT NULL);"
            "INSERT INTO products VALUES (7, 100);");
    }
};
// [test]
using shop_test = isolite::catch2::session<shop>;

TEST_CASE_METHOD(shop_test, "an order reduces the stock") {
    execute("UPDATE products SET stock = stock - 2 WHERE id = 7");
    CHECK(value<int>("SELECT stock FROM products WHERE id = ?", 7) == 98);
}
// [/test]
