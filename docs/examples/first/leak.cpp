#define BOOST_TEST_MODULE leak
#include <boost/test/unit_test.hpp>
#include <isolite/boost_test.hpp>
#include <isolite/seed.hpp>

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql("CREATE TABLE orders (id INTEGER PRIMARY KEY, product);");
    }
};
using shop_test = isolite::boost_test::session<shop>;

BOOST_FIXTURE_TEST_CASE(an_order_is_committed, shop_test) {
    execute("INSERT INTO orders (product) VALUES (7)");
    execute("COMMIT"); // somewhere deep in the code under test
}

BOOST_FIXTURE_TEST_CASE(there_are_no_orders_yet, shop_test) {
    BOOST_TEST(value<int>("SELECT count(*) FROM orders") == 0);
}
