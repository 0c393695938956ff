// A main of one's own, which runs the suite twice: each run is one of its own.
#if __has_include(<catch2/catch_session.hpp>)
#    include <catch2/catch_all.hpp>
#else
#    define CATCH_CONFIG_RUNNER
#    include <catch2/catch.hpp>
#endif

#include <isolite/catch2.hpp>
#include <isolite/command_line.hpp>

#include <cstdio>

TEST_CASE("passes", "[first][second]") {
    CHECK(1 == 1);
}

TEST_CASE("fails", "[second]") {
    CHECK(1 == 2);
}

int main(int argc, char** argv) {
    if (const auto taken = isolite::take_options(argc, argv); !taken) {
        std::fprintf(stderr, "%s\n", taken.error().text().c_str());
        return 2;
    }
    Catch::Session session;
    int worst = 0;
    for (const char* const tag : {"[first]", "[second]"}) {
        session.configData().testsOrTags = {tag};
        session.useConfigData(session.configData());
        const int status = session.run();
        std::printf("run of %s: %d\n", tag, status);
        worst = status > worst ? status : worst;
    }
    return worst;
}
