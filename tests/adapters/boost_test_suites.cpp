#define BOOST_TEST_MODULE suites

#include "suite_data.hpp"

#include <isolite/boost_test.hpp>

#include <boost/test/unit_test.hpp>

// Suites with fixtures, and tests around them that must not see what the suites wrote. All pass, in
// every order; suites_test.py judges. Compiled with UNPROTECTED for the control.

namespace unit_test = boost::unit_test;
using isolite::boost_test::isolated;
using isolite::boost_test::suite_fixture;

using stock_test = isolite::boost_test::session<stock>;
using staff_test = isolite::boost_test::session<staff>;

#ifdef UNPROTECTED
template <typename Database>
using suite = bare_suite<Database>;
#else
template <typename Database>
using suite = isolite::boost_test::suite<Database>;
#endif

namespace {

isolated chosen() {
    return isolated(mode_of_subject());
}

struct orders_data : product_of_suite<suite<stock>> {
    orders_data() : product_of_suite("orders") {}
};
struct returns_data : product_of_suite<suite<stock>> {
    returns_data() : product_of_suite("returns") {}
};
struct unused_data : product_of_suite<suite<stock>> {
    unused_data() : product_of_suite("unused") {}
};
struct payments_data : product_of_suite<suite<stock>> {
    payments_data() : product_of_suite("payments") {
        people.execute("INSERT INTO people VALUES ('of payments')");
    }
    suite<staff> people;
};

void check(isolite::fixture& test, const std::string& products) {
    BOOST_TEST(products_before_spoiling(test) == products);
}

void check_people(isolite::fixture& test, int expected) {
    BOOST_TEST(test.value<int>("SELECT count(*) FROM people") == expected);
    test.execute("DELETE FROM people");
}

} // namespace

BOOST_AUTO_TEST_SUITE(before, *chosen())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    check(*this, "milk,tea");
}
BOOST_FIXTURE_TEST_CASE(second, stock_test) {
    check(*this, "milk,tea");
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(orders, *chosen() * suite_fixture<orders_data>())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    check(*this, "milk,of orders,tea");
}
BOOST_FIXTURE_TEST_CASE(second, stock_test) {
    check(*this, "milk,of orders,tea");
}
BOOST_FIXTURE_TEST_CASE(uses_another_database, staff_test) {
    check_people(*this, 0);
}
BOOST_AUTO_TEST_CASE(uses_none) {
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE(returns, *suite_fixture<returns_data>())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    check(*this, "milk,of orders,of returns,tea");
}
BOOST_FIXTURE_TEST_CASE(second, stock_test) {
    check(*this, "milk,of orders,of returns,tea");
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(plain)
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    check(*this, "milk,of orders,tea");
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(payments, *chosen() * suite_fixture<payments_data>())
struct stock_and_staff {
    stock_test goods;
    staff_test people;
};
BOOST_FIXTURE_TEST_CASE(first, stock_and_staff) {
    check(goods, "milk,of payments,tea");
    check_people(people, 1);
}
BOOST_FIXTURE_TEST_CASE(second, stock_and_staff) {
    check(goods, "milk,of payments,tea");
    check_people(people, 1);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(both,
                      *chosen() * suite_fixture<orders_data>() * suite_fixture<returns_data>())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    check(*this, "milk,of orders,of returns,tea");
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(empty, *suite_fixture<unused_data>())
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(disabled, *suite_fixture<unused_data>())
BOOST_TEST_DECORATOR(*unit_test::disabled())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    BOOST_ERROR("a disabled test ran");
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(after, *chosen())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    check(*this, "milk,tea");
}
BOOST_FIXTURE_TEST_CASE(second, staff_test) {
    check_people(*this, 0);
}
BOOST_AUTO_TEST_SUITE_END()
