#define BOOST_TEST_MODULE chaos

#include "chaos.hpp"

#include <isolite/boost_test_main.hpp>

// The cases of chaos.hpp for Boost.Test; chaos_test.py judges.

namespace {

using session = isolite::boost_test::session<chaos::stock>;
using trap = isolite::boost_test::session<chaos::trapped>;

void act(unsigned number) {
    chaos::act<session, trap>(number, [] { BOOST_ERROR("no luck"); });
}

} // namespace

#define CASE(number)                                                                               \
    BOOST_AUTO_TEST_CASE(c##number) {                                                              \
        act(number);                                                                               \
    }
#define GROUPED(number)                                                                            \
    BOOST_AUTO_TEST_CASE(c##number, *isolite::boost_test::uses("port")) {                          \
        act(number);                                                                               \
    }
#define ALONE(number)                                                                              \
    BOOST_AUTO_TEST_CASE(c##number, *isolite::boost_test::serial()) {                              \
        act(number);                                                                               \
    }

#include "chaos_cases.inc"
