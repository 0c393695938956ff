// Cases with names that a filter has to be written carefully for; names_test.py judges.
#define BOOST_TEST_MODULE names
#include <isolite/boost_test_main.hpp>

#include "fails_here.hpp"

#include <boost/test/data/test_case.hpp>

#include <boost/mpl/list.hpp>
#include <utility>

namespace unit_test = boost::unit_test;

BOOST_AUTO_TEST_CASE(simple) {
    BOOST_TEST(!fails_here(0));
}

BOOST_AUTO_TEST_SUITE(outer)
BOOST_AUTO_TEST_SUITE(simple)
BOOST_AUTO_TEST_CASE(simple) {
    BOOST_TEST(!fails_here(1));
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_DATA_TEST_CASE(rows, unit_test::data::make({2, 3}), number) {
    BOOST_TEST(!fails_here(number));
}

template <typename>
struct number_of;
template <>
struct number_of<std::pair<int, int>> {
    static constexpr int value = 4;
};
template <>
struct number_of<std::pair<int, long>> {
    static constexpr int value = 5;
};
using types = boost::mpl::list<std::pair<int, int>, std::pair<int, long>>;
BOOST_AUTO_TEST_CASE_TEMPLATE(of_types, type, types) {
    BOOST_TEST(!fails_here(number_of<type>::value));
}

BOOST_AUTO_TEST_CASE(switched_off, *unit_test::disabled()) {
    BOOST_TEST(false);
}

BOOST_AUTO_TEST_CASE(dependent, *unit_test::depends_on("outer/simple")) {
    BOOST_TEST(!fails_here(6));
}
BOOST_AUTO_TEST_SUITE_END()
