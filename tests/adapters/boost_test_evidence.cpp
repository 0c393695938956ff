#define BOOST_TEST_MODULE evidence

#include "failing_test.hpp"

#include <SQLiteCpp/Database.h>
#include <isolite/boost_test.hpp>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

// Tests that fail in every way and tests that pass; evidence_test.py looks at what is kept.

namespace data = boost::unit_test::data;
using isolite::mode;
using isolite::boost_test::isolated;
using isolite::boost_test::suite_fixture;

using stock_test = isolite::boost_test::session<stock>;
using staff_test = isolite::boost_test::session<staff>;

namespace {

struct orders_data : isolite::boost_test::suite<stock> {
    orders_data() { execute("INSERT INTO products(name) VALUES ('of orders')"); }
};

struct stock_and_staff {
    stock_test goods;
    staff_test people;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(fails_an_assertion, stock_test) {
    BOOST_TEST(false);
    replace_tea(*this);
}
BOOST_FIXTURE_TEST_CASE(fails_a_requirement, stock_test) {
    replace_tea(*this);
    BOOST_REQUIRE(false);
}
BOOST_FIXTURE_TEST_CASE(fails_with_a_message, stock_test) {
    replace_tea(*this);
    BOOST_ERROR("the test's own failure");
}
BOOST_FIXTURE_TEST_CASE(throws, stock_test) {
    replace_tea(*this);
    throw std::runtime_error("the code under test failed");
}
BOOST_FIXTURE_TEST_CASE(throws_in_its_set_up, failing_set_up<stock_test>) {}
BOOST_FIXTURE_TEST_CASE(fails_after_a_commit, stock_test, *isolated(mode::copy_on_write)) {
    replace_tea(*this);
    BOOST_TEST(false);
}
BOOST_FIXTURE_TEST_CASE(leaks, stock_test) {
    replace_tea(*this);
    db().exec("COMMIT");
}
BOOST_FIXTURE_TEST_CASE(fails_with_two_databases, stock_and_staff) {
    replace_tea(goods);
    BOOST_TEST(false);
}

BOOST_AUTO_TEST_SUITE(orders, *suite_fixture<orders_data>())
BOOST_FIXTURE_TEST_CASE(fails, stock_test) {
    replace_tea(*this);
    BOOST_TEST(false);
}
BOOST_FIXTURE_TEST_CASE(passes, stock_test) {
    replace_tea(*this);
    BOOST_TEST(true);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(passing)
BOOST_FIXTURE_TEST_CASE(in_rollback, stock_test) {
    replace_tea(*this);
    BOOST_TEST(true);
}
BOOST_FIXTURE_TEST_CASE(in_copy_on_write, stock_test, *isolated(mode::copy_on_write)) {
    replace_tea(*this);
    BOOST_TEST(true);
}
BOOST_FIXTURE_TEST_CASE(with_a_warning, stock_test) {
    replace_tea(*this);
    BOOST_WARN(false);
    BOOST_TEST(true);
}
BOOST_FIXTURE_TEST_CASE(with_an_exception_that_it_caught, stock_test) {
    replace_tea(*this);
    BOOST_CHECK_THROW(throw std::runtime_error("expected"), std::runtime_error);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_DATA_TEST_CASE_F(stock_test, many, data::xrange(12), number) {
    BOOST_TEST(number < 0);
}
