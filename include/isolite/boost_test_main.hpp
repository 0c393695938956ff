#pragma once

/// Boost.Test with isolite's `main`, which knows `--workers` and its kin. Include it in one source
/// file of a test program, instead of <boost/test/unit_test.hpp>, after `#define
/// BOOST_TEST_MODULE`.

#define BOOST_TEST_NO_MAIN
#include <boost/test/unit_test.hpp>

#include <isolite/boost_test.hpp>

int main(int argc, char** argv) {
    return isolite::boost_test::run(&init_unit_test, argc, argv);
}
