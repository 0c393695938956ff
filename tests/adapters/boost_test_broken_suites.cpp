#define BOOST_TEST_MODULE broken_suites

#include "broken_suites.hpp"

#include <isolite/boost_test.hpp>

#include <boost/test/unit_test.hpp>

// Suites whose fixtures fail, and between them tests that must pass; broken_suites_test.py judges.

using isolite::boost_test::suite;
using isolite::boost_test::suite_fixture;

using stock_test = isolite::boost_test::session<stock>;
using staff_test = isolite::boost_test::session<staff>;

namespace {

void unreachable() {
    BOOST_ERROR("the body of a test ran although the set-up of its suite failed");
}

void check(stock_test& test) {
    BOOST_TEST(test.value<int>("SELECT count(*) FROM products") == 2);
}

} // namespace

BOOST_AUTO_TEST_SUITE(throws_and_leaks, *suite_fixture<throwing_and_leaking_data<suite>>())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    unreachable();
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(healthy_one, stock_test) {
    check(*this);
}

BOOST_AUTO_TEST_SUITE(throws, *suite_fixture<throwing_data<suite>>())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    unreachable();
}
BOOST_FIXTURE_TEST_CASE(second, stock_test) {
    unreachable();
}
BOOST_FIXTURE_TEST_CASE(uses_another_database, staff_test) {
    unreachable();
}

BOOST_AUTO_TEST_SUITE(inner, *suite_fixture<leaking_data<suite>>())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    unreachable();
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(plain)
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    unreachable();
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(healthy_two, stock_test) {
    check(*this);
}

BOOST_AUTO_TEST_SUITE(throws_no_exception, *suite_fixture<data_that_throws_no_exception<suite>>())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    unreachable();
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(broken_seed, *suite_fixture<data_of_a_broken_seed<suite>>())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    unreachable();
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(without_sessions, *suite_fixture<throwing_fixture>())
BOOST_AUTO_TEST_CASE(first) {
    BOOST_TEST(true);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(leaks, *suite_fixture<leaking_data<suite>>())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    check(*this);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(healthy_three, stock_test) {
    check(*this);
}

BOOST_AUTO_TEST_SUITE(transaction, *suite_fixture<data_in_a_transaction<suite>>())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    unreachable();
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(healthy_four, stock_test) {
    check(*this);
}
