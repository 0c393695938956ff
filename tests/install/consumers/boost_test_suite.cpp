#define BOOST_TEST_MODULE shop
#include "shop.hpp"

#include <boost/test/unit_test.hpp>
#include <isolite/boost_test.hpp>

using shop_test = isolite::boost_test::session<shop>;

BOOST_FIXTURE_TEST_CASE(stays, shop_test) {
    BOOST_TEST(value<int>("SELECT count(*) FROM products") == 1);
}
BOOST_FIXTURE_TEST_CASE(leaks, shop_test) {
    execute("DELETE FROM products");
    execute("COMMIT");
}
