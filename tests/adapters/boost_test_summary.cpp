#define BOOST_TEST_MODULE summary

#include "slow_seed.hpp"

#include <isolite/boost_test.hpp>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

// Twelve tests, the first of which waits for the seed; summary_test.py reads the summary.

using slow_test = isolite::boost_test::session<slow_database>;
namespace data = boost::unit_test::data;

BOOST_DATA_TEST_CASE_F(slow_test, takes_its_time, data::xrange(12), number) {
    be_busy_for(std::chrono::milliseconds(number % 3));
    BOOST_TEST(value<int>("SELECT 1") == 1);
}
