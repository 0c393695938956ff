// A `main` that runs doctest twice.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <isolite/command_line.hpp>
#include <isolite/doctest.hpp>

#include <cstdio>

TEST_CASE("first") {
    CHECK(1 == 1);
}
TEST_CASE("second") {
    CHECK(1 == 1);
}
TEST_CASE("third" * doctest::skip()) {
    CHECK(1 == 2);
}

int main(int argc, char** argv) {
    if (!isolite::take_options(argc, argv)) {
        return 2;
    }
    int worst = 0;
    for (int i = 0; i < 2; ++i) {
        doctest::Context context(argc, argv);
        context.setOption("no-skip", i == 1);
        const int status = context.run();
        std::printf("run %d: %d\n", i, status);
        std::fflush(stdout);
        worst = worst == 0 ? status : worst;
    }
    return worst;
}
