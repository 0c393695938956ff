#define BOOST_TEST_MODULE findings

#include "findings.hpp"

#include <isolite/boost_test_main.hpp>

BOOST_AUTO_TEST_CASE(leaks) {
    BOOST_TEST(findings::leak());
}
BOOST_AUTO_TEST_CASE(races) {
    BOOST_TEST(findings::race() < 3);
}
BOOST_AUTO_TEST_CASE(reads) {
    BOOST_TEST(findings::read_garbage());
}
BOOST_AUTO_TEST_CASE(one) {
    BOOST_TEST(findings::counted(1) == 1);
}
BOOST_AUTO_TEST_CASE(two) {
    BOOST_TEST(findings::counted(2) == 2);
}
BOOST_AUTO_TEST_CASE(uses_global) {
    BOOST_TEST(findings::of_program.use());
}
BOOST_AUTO_TEST_CASE(uses_static) {
    BOOST_TEST(findings::of_cases().use());
}
BOOST_AUTO_TEST_CASE(has_directory) {
    BOOST_TEST(findings::has_directory());
}
