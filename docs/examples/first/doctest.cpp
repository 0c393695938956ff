#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
#include <isolite/doctest.hpp>
#include <isolite/seed.hpp>

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql(
            "CREATE TABLE products (id INTEGER PRIMARY KEY, stock INTEGER NOT NULL);"
            "INSERT INTO products VALUES (7, 100);");
    }
};
// [test]
using shop_test = isolite::doc_test::session<shop>;

TEST_CASE_FIXTURE(shop_test, "an order reduces the stock") {
    execute("UPDATE products SET stock = stock - 2 WHERE id = 7");
    CHECK(value<int>("SELECT stock FROM products WHERE id = ?", 7) == 98);
}
// [/test]
