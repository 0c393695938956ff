// Fails on purpose: the output is in docs/fixtures.md.
#define BOOST_TEST_MODULE deferred
#include <boost/test/unit_test.hpp>
#include <isolite/boost_test.hpp>
#include <isolite/seed.hpp>

namespace {

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql(
            "CREATE TABLE products (id INTEGER PRIMARY KEY);"
            "CREATE TABLE orders (id INTEGER PRIMARY KEY,"
            "  product INTEGER NOT NULL REFERENCES products (id) DEFERRABLE INITIALLY DEFERRED);");
    }
};
using shop_test = isolite::boost_test::session<shop>;

// [deferred]
BOOST_FIXTURE_TEST_CASE(an_order_is_stored, shop_test) {
    execute("INSERT INTO orders (product) VALUES (9)"); // COMMIT would not accept it
    BOOST_TEST(value<int>("SELECT count(*) FROM orders") == 1);
}
// [/deferred]

} // namespace
