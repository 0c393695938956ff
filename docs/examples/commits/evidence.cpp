// Fails on purpose: the output is in docs/fixtures.md.
#define BOOST_TEST_MODULE evidence
#include <SQLiteCpp/Database.h>
#include <boost/test/unit_test.hpp>
#include <isolite/boost_test.hpp>
#include <isolite/seed.hpp>

namespace {

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql(
            "CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, stock INTEGER);"
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, product INTEGER NOT NULL);"
            "INSERT INTO products VALUES (7, 'apple', 100), (8, 'pear', 50);");
    }
};
using shop_test = isolite::boost_test::session<shop>;

// [evidence]
void sell(SQLite::Database& db, int product) { // code under test, with a mistake
    db.exec("INSERT INTO orders (product) VALUES (" + std::to_string(product) + ")");
    db.exec("UPDATE products SET stock = stock - 1"); // of which product?
}

BOOST_FIXTURE_TEST_CASE(a_sale_leaves_other_goods_alone, shop_test) {
    sell(db(), 7);
    BOOST_TEST(value<int>("SELECT stock FROM products WHERE id = 8") == 50);
}
// [/evidence]

} // namespace
