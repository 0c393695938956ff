#define BOOST_TEST_MODULE shop
#include <boost/test/unit_test.hpp>
