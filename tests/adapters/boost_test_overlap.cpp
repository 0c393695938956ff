#define BOOST_TEST_MODULE overlap

#include "overlap.hpp"

#include <isolite/boost_test_main.hpp>

using isolite::boost_test::serial;
using isolite::boost_test::uses;

// Cases that say when they ran; overlap_test.py judges which overlap.

#define CASE(name, ...)                                                                            \
    BOOST_AUTO_TEST_CASE(name __VA_ARGS__) {                                                       \
        run_beside(#name);                                                                         \
        BOOST_TEST(true);                                                                          \
    }

BOOST_AUTO_TEST_SUITE(free)
CASE(free_1)
CASE(free_2)
CASE(free_3)
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(sharing)
CASE(sharing_1, , *uses("port"))
CASE(sharing_2, , *uses("port") * uses("file"))
CASE(sharing_3, , *uses("file"))
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(sharing_suite, *uses("disk"))
CASE(sharing_suite_1)
CASE(sharing_suite_2)
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(alone, *serial())
CASE(alone_1)
CASE(alone_2)
BOOST_AUTO_TEST_SUITE_END()
CASE(alone_3, , *serial())
