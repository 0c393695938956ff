#define BOOST_TEST_MODULE first
#include <boost/test/unit_test.hpp>
#include <isolite/boost_test.hpp>
#include <isolite/seed.hpp>

struct shop { // schema and reference data, described once
    static isolite::seed seed() {
        return isolite::seed("shop").sql(
            "CREATE TABLE products (id INTEGER PRIMARY KEY, stock INTEGER NOT NULL);"
            "INSERT INTO products VALUES (7, 100);");
    }
};
using shop_test = isolite::boost_test::session<shop>; // each test gets it pristine

BOOST_FIXTURE_TEST_CASE(an_order_reduces_the_stock, shop_test) {
    execute("UPDATE products SET stock = stock - 2 WHERE id = 7");
    BOOST_TEST(value<int>("SELECT stock FROM products WHERE id = ?", 7) == 98);
}
