#define BOOST_TEST_MODULE crash
#include <isolite/boost_test_main.hpp>

#include <csignal>
#include <cstdio>

BOOST_AUTO_TEST_CASE(first) {
    BOOST_TEST(1 + 1 == 2);
}

BOOST_AUTO_TEST_CASE(looks_behind_the_end) {
    std::puts("about to look");
    std::raise(SIGSEGV); // as a wild pointer would
}

BOOST_AUTO_TEST_CASE(last) {
    BOOST_TEST(2 + 2 == 4);
}
