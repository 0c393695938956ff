#pragma once

/// GoogleTest with isolite's `main`, which knows `--workers` and its kin. Include it in one source
/// file of a test program, instead of linking gtest_main; behind <gmock/gmock.h>, it reads GMock's
/// options, too.

#include <isolite/gtest.hpp>

int main(int argc, char** argv) {
#ifdef GMOCK_FLAG
    return isolite::googletest::run(argc, argv, testing::InitGoogleMock);
#else
    return isolite::googletest::run(argc, argv);
#endif
}
