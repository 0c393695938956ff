#pragma once

/// Catch2 with isolite's `main`, which knows `--workers` and its kin. Include it in one source file
/// of a test program, instead of `#define CATCH_CONFIG_MAIN` and <catch2/catch.hpp> of version 2,
/// or of Catch2Main of version 3.

#if __has_include(<catch2/catch_session.hpp>)
#    include <catch2/catch_session.hpp>
#else
#    define CATCH_CONFIG_RUNNER
#    include <catch2/catch.hpp>
#endif

#include <isolite/catch2.hpp>
#include <isolite/catch2_runner.hpp>

int main(int argc, char** argv) {
    return isolite::catch2::run(argc, argv, [](int count, char** arguments) {
        return Catch::Session().run(count, arguments);
    });
}
