#define BOOST_TEST_MODULE overlap

#include "overlap.hpp"

#include <isolite/boost_test_main.hpp>

using isolite::boost_test::serial;
using isolite::boost_test::uses;

// Cases that say when they ran; overlap_test.py judges which overlap.

BOOST_AUTO_TEST_SUITE(unbound)
BOOST_AUTO_TEST_CASE(free_1) {
    run_beside("free_1");
    BOOST_TEST(true);
}
BOOST_AUTO_TEST_CASE(free_2) {
    run_beside("free_2");
    BOOST_TEST(true);
}
BOOST_AUTO_TEST_CASE(free_3) {
    run_beside("free_3");
    BOOST_TEST(true);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(sharing)
BOOST_TEST_DECORATOR(*uses("port"))
BOOST_AUTO_TEST_CASE(sharing_1) {
    run_beside("sharing_1");
    BOOST_TEST(true);
}
BOOST_TEST_DECORATOR(*uses("port") * uses("file"))
BOOST_AUTO_TEST_CASE(sharing_2) {
    run_beside("sharing_2");
    BOOST_TEST(true);
}
BOOST_TEST_DECORATOR(*uses("file"))
BOOST_AUTO_TEST_CASE(sharing_3) {
    run_beside("sharing_3");
    BOOST_TEST(true);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(sharing_suite, *uses("disk"))
BOOST_AUTO_TEST_CASE(sharing_suite_1) {
    run_beside("sharing_suite_1");
    BOOST_TEST(true);
}
BOOST_AUTO_TEST_CASE(sharing_suite_2) {
    run_beside("sharing_suite_2");
    BOOST_TEST(true);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(alone, *serial())
BOOST_AUTO_TEST_CASE(alone_1) {
    run_beside("alone_1");
    BOOST_TEST(true);
}
BOOST_AUTO_TEST_CASE(alone_2) {
    run_beside("alone_2");
    BOOST_TEST(true);
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_TEST_DECORATOR(*serial())
BOOST_AUTO_TEST_CASE(alone_3) {
    run_beside("alone_3");
    BOOST_TEST(true);
}
