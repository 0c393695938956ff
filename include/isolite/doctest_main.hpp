#pragma once

/// doctest with isolite's `main`, which knows `--workers` and its kin. Include it in one source
/// file of a test program, instead of `#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN` and <doctest.h>.

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <isolite/doctest.hpp>
#include <isolite/doctest_reporters.hpp>

int main(int argc, char** argv) {
    return isolite::doc_test::run(argc, argv);
}
