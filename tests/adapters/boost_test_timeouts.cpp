#define BOOST_TEST_MODULE timeouts

#include "suite_data.hpp"

#include <isolite/boost_test.hpp>

#include <boost/test/unit_test.hpp>

// Tests that a timeout cuts off inside of suites with fixtures; timeouts_test.py judges.

namespace unit_test = boost::unit_test;
using isolite::boost_test::suite;
using isolite::boost_test::suite_fixture;

using stock_test = isolite::boost_test::session<stock>;
using staff_test = isolite::boost_test::session<staff>;

namespace {

struct orders_data : product_of_suite<suite<stock>> {
    orders_data() : product_of_suite("orders") {
        people.execute("INSERT INTO people VALUES ('of orders')");
    }
    suite<staff> people;
};
struct returns_data : product_of_suite<suite<stock>> {
    returns_data() : product_of_suite("returns") {}
};

void check(isolite::fixture& test, const std::string& products) {
    BOOST_TEST(products_before_spoiling(test) == products);
}

void loop_for_ever() {
    for (volatile bool for_ever = true; for_ever;) {
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(orders, *suite_fixture<orders_data>())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    check(*this, "milk,of orders,tea");
}

BOOST_AUTO_TEST_SUITE(inner, *suite_fixture<returns_data>())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    check(*this, "milk,of orders,of returns,tea");
}
BOOST_TEST_DECORATOR(*unit_test::timeout(1))
BOOST_FIXTURE_TEST_CASE(loops_for_ever, stock_test) {
    check(*this, "milk,of orders,of returns,tea");
    loop_for_ever();
}
BOOST_FIXTURE_TEST_CASE(lost, stock_test) {
    BOOST_ERROR("a test ran although the data of its suite was lost");
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(later, *suite_fixture<returns_data>())
BOOST_FIXTURE_TEST_CASE(lost, stock_test) {
    BOOST_ERROR("a test ran although the data of its suite was lost");
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(lost, stock_test) {
    BOOST_ERROR("a test ran although the data of its suite was lost");
}
BOOST_FIXTURE_TEST_CASE(uses_another_database, staff_test) {
    BOOST_TEST(value<int>("SELECT count(*) FROM people") == 1);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(outside_of_any_suite, stock_test) {
    check(*this, "milk,tea");
}

BOOST_AUTO_TEST_SUITE(returns, *suite_fixture<returns_data>())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    check(*this, "milk,of returns,tea");
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(plain)
BOOST_TEST_DECORATOR(*unit_test::timeout(1))
BOOST_FIXTURE_TEST_CASE(loops_for_ever, stock_test,
                        *isolite::boost_test::isolated(isolite::mode::copy_on_write)) {
    check(*this, "milk,tea");
    loop_for_ever();
}
BOOST_FIXTURE_TEST_CASE(second, stock_test) {
    check(*this, "milk,tea");
}
BOOST_FIXTURE_TEST_CASE(another_database, staff_test) {
    BOOST_TEST(value<int>("SELECT count(*) FROM people") == 0);
}
BOOST_AUTO_TEST_SUITE_END()
