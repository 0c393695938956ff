#define BOOST_TEST_MODULE fixtures

#include "broken_fixture.hpp"

#include <isolite/boost_test_main.hpp>

// Suites of which one has a fixture that crashes; workers_test.py judges.

using chaos::broken_program;
BOOST_TEST_GLOBAL_FIXTURE(broken_program);

namespace {

// The framework's own fixture, which nobody but the framework guards.
void plain_set_up() {
    chaos::fail_in("plain set-up");
}

void plain_tear_down() {
    chaos::fail_in("plain tear-down");
}

} // namespace

BOOST_AUTO_TEST_SUITE(before)
BOOST_AUTO_TEST_CASE(b1) {}
BOOST_AUTO_TEST_CASE(b2) {}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(broken, *isolite::boost_test::suite_fixture<chaos::broken_data>())
BOOST_AUTO_TEST_CASE(x1) {}
BOOST_AUTO_TEST_CASE(x2) {}
BOOST_AUTO_TEST_CASE(x3) {}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(later, *boost::unit_test::fixture(&plain_set_up, &plain_tear_down))
BOOST_AUTO_TEST_CASE(l1) {}
BOOST_AUTO_TEST_CASE(l2, *boost::unit_test::timeout(1)) {
    std::cout << "said by l2" << std::endl;
    if (chaos::variable("FIXTURE") == "none but a case that hangs") {
        chaos::wait_for_ever();
    }
}
BOOST_AUTO_TEST_SUITE_END()
