#define BOOST_TEST_MODULE shop
#include <isolite/boost_test_main.hpp> // instead of <boost/test/unit_test.hpp>
#include <isolite/seed.hpp>

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql("CREATE TABLE orders (product INTEGER NOT NULL);");
    }
};
using shop_test = isolite::boost_test::session<shop>;

BOOST_FIXTURE_TEST_CASE(an_order_is_stored, shop_test) {
    execute("INSERT INTO orders VALUES (?)", 7);
    BOOST_TEST(value<int>("SELECT product FROM orders") == 7);
}

BOOST_FIXTURE_TEST_CASE(there_are_no_orders_yet, shop_test) {
    BOOST_TEST(value<int>("SELECT count(*) FROM orders") == 0);
}
