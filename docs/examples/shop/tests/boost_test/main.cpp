#define BOOST_TEST_MODULE shop
#include <isolite/boost_test_main.hpp>
