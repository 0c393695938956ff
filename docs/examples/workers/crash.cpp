#define BOOST_TEST_MODULE crash
#include <isolite/boost_test_main.hpp>

#include <csignal>
#include <cstdio>

BOOST_AUTO_TEST_CASE(first) {
    BOOST_TEST(1 + 1 == 2);
}

BOOST_AUTO_TEST_CASE(takes_all_memory) {
    std::puts("about to take it");
    std::raise(SIGKILL); // as the system does when there is no memory left
}

BOOST_AUTO_TEST_CASE(last) {
    BOOST_TEST(2 + 2 == 4);
}
