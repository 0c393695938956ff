// Data that a suite of tests shares: the examples of docs/fixtures.md.
#define BOOST_TEST_MODULE suites
#include <boost/test/unit_test.hpp>
#include <isolite/boost_test.hpp>
#include <isolite/seed.hpp>

namespace {

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, product INTEGER NOT NULL,"
            "  status TEXT NOT NULL DEFAULT 'open');");
    }
};
using shop_test = isolite::boost_test::session<shop>;

// [suite]
struct orders_data : isolite::boost_test::suite<shop> {
    orders_data() {
        execute("INSERT INTO orders (product) VALUES (7), (8), (9)");
        execute("UPDATE orders SET status = 'paid' WHERE product = 7");
    }
};

BOOST_AUTO_TEST_SUITE(orders, *isolite::boost_test::suite_fixture<orders_data>())

BOOST_FIXTURE_TEST_CASE(two_orders_are_open, shop_test) {
    BOOST_TEST(value<int>("SELECT count(*) FROM orders WHERE status = 'open'") == 2);
}

BOOST_FIXTURE_TEST_CASE(open_orders_are_cancelled, shop_test) {
    BOOST_TEST(execute("DELETE FROM orders WHERE status = 'open'") == 2); // the next test has them
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(outside_of_the_suite_there_are_none, shop_test) {
    BOOST_TEST(value<int>("SELECT count(*) FROM orders") == 0);
}
// [/suite]

} // namespace
