#define BOOST_TEST_MODULE dependents

#include "chaos.hpp"

#include <isolite/boost_test_main.hpp>

// Cases of which some depend on others; workers_test.py judges.

namespace {

using session = isolite::boost_test::session<chaos::stock>;
using trap = isolite::boost_test::session<chaos::trapped>;
using boost::unit_test::depends_on;

void act(unsigned number) {
    chaos::act<session, trap>(number, [] { BOOST_ERROR("no luck"); });
}

} // namespace

BOOST_AUTO_TEST_CASE(c0) {
    act(0);
}
BOOST_AUTO_TEST_CASE(c1, *depends_on("c0")) {
    act(1);
}
BOOST_AUTO_TEST_SUITE(s, *depends_on("c0"))
BOOST_AUTO_TEST_CASE(c2) {
    act(2);
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_CASE(c3, *depends_on("c1")) {
    act(3);
}
BOOST_AUTO_TEST_CASE(c4) {
    act(4);
}
