// Of two suites a case of the one spoils something for a case of the other, one expires, and one
// fails when it runs twice.
#define BOOST_TEST_MODULE dependent
#include <isolite/boost_test_main.hpp>

#include "dependent.hpp"

BOOST_AUTO_TEST_SUITE(customers)

BOOST_AUTO_TEST_CASE(list) {
    BOOST_TEST(!imported());
}

BOOST_AUTO_TEST_CASE(import) {
    imported() = true;
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(orders)

BOOST_AUTO_TEST_CASE(count) {}

BOOST_AUTO_TEST_CASE(total) {
    BOOST_TEST(!imported());
}

BOOST_AUTO_TEST_CASE(cancel) {
    BOOST_TEST(is_first_cancellation());
}

BOOST_AUTO_TEST_CASE(pay) {
    BOOST_TEST(is_card_valid());
}

BOOST_AUTO_TEST_CASE(refund, *boost::unit_test::disabled()) {
    BOOST_TEST(!imported());
}

BOOST_AUTO_TEST_SUITE_END()
