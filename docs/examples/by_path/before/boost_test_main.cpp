#define BOOST_TEST_MODULE hostel
#include <boost/test/unit_test.hpp>
