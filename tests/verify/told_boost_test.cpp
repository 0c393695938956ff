// Tells which fixtures and cases run, in which order; verify_test.py judges.
#define BOOST_TEST_MODULE told
#include <isolite/boost_test_main.hpp>

#include "told.hpp"

namespace {

struct told_program {
    void setup() { tell("program begins"); }
    void teardown() { tell("program ends"); }
};

void begin_suite() {
    tell("suite begins");
}

void end_suite() {
    tell("suite ends");
}

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(told_program);

BOOST_AUTO_TEST_SUITE(orders, *boost::unit_test::fixture(&begin_suite, &end_suite))

BOOST_AUTO_TEST_CASE(first) {
    tell("first");
}

BOOST_AUTO_TEST_CASE(second, *boost::unit_test::depends_on("orders/first")) {
    tell("second");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(other) {
    tell("other");
}
