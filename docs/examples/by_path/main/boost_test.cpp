#define BOOST_TEST_MODULE hostel
#include <isolite/boost_test_main.hpp> // instead of <boost/test/unit_test.hpp>
