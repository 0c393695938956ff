#include "plain.hpp"

#define BOOST_TEST_MODULE plain
#ifndef BOOST_TEST_DYN_LINK
#    define BOOST_TEST_DYN_LINK
#endif
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace unit_test = boost::unit_test;

BOOST_AUTO_TEST_SUITE(customers)

BOOST_AUTO_TEST_CASE(list) {
    BOOST_TEST(shop::list());
}

BOOST_AUTO_TEST_CASE(import) {
    BOOST_TEST(shop::import());
}

BOOST_AUTO_TEST_CASE(merge, *unit_test::disabled()) {
    BOOST_TEST(false);
}

BOOST_AUTO_TEST_CASE(expected, *unit_test::expected_failures(1)) {
    BOOST_TEST(false);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(orders)

BOOST_AUTO_TEST_SUITE(open)

BOOST_AUTO_TEST_CASE(count) {}

BOOST_DATA_TEST_CASE(total, unit_test::data::make({1, 2}), number) {
    BOOST_TEST_CONTEXT(number) {
        BOOST_TEST(shop::total());
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(cancel) {
    BOOST_TEST(shop::cancel());
}

BOOST_AUTO_TEST_CASE(refund, *unit_test::depends_on("orders/cancel")) {
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE_END()
