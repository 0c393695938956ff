#include "programs/framework.hpp"
#include "programs/test_program.hpp"

#include "os/files.hpp"
#include "os/own_process.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

using isolite::programs::boost_test;
using isolite::programs::catch2_version_2;
using isolite::programs::catch2_version_3;
using isolite::programs::doctest_framework;
using isolite::programs::framework_by_help;
using isolite::programs::googletest;
using isolite::programs::test_program;

namespace {

using words = std::vector<std::string>;

} // namespace

TEST_CASE("the answer to --help names the framework") {
    CHECK(framework_by_help("This program contains tests written using Google Test. You can") ==
          &googletest());
    CHECK(framework_by_help("main\nThis program contains tests written using GoogleTest.") ==
          &googletest());
    CHECK(framework_by_help("[doctest] doctest version is \"2.4.9\"\n") == &doctest_framework());
    CHECK(framework_by_help("\n  The program 'b' is a Boost.Test module containing unit tests.") ==
          &boost_test());
    CHECK(framework_by_help("\nCatch v2.13.10\nusage:\n") == &catch2_version_2());
    CHECK(framework_by_help("\nCatch2 v3.7.1\nusage:\n") == &catch2_version_3());
    CHECK(framework_by_help("\nCatch v1.12.2\nusage:\n") == nullptr);
    CHECK(framework_by_help("usage: ls [OPTION]... [FILE]...") == nullptr);
}

TEST_CASE("each framework selects cases by its own options") {
    CHECK(googletest().to_select({"a.b", "c.d/0"}) == words{"--gtest_filter=a.b:c.d/0"});
    CHECK(boost_test().to_select({"a/b", "c"}) == words{"--run_test=a/b:c"});
    CHECK(doctest_framework().to_select({"a, b", "c\\d"}) == words{"--test-case=a? b,c?d"});
    CHECK(catch2_version_2().to_select({"a, b", "c \"d\" \\ [e]"}) ==
          words{R"("a\, b","c \"d\" \\ [e]")"});
    CHECK(catch2_version_2().to_select({"exclude:a"}) == words{R"("*xclude:a")"});
}

TEST_CASE("each framework runs cases as they are listed, or in the order of a seed") {
    CHECK(googletest().to_order(std::nullopt).empty());
    CHECK(googletest().to_order(7) == words{"--gtest_shuffle", "--gtest_random_seed=7"});
    CHECK(boost_test().to_order(std::nullopt).empty());
    CHECK(boost_test().to_order(7) == words{"--random=7"});
    CHECK(doctest_framework().to_order(std::nullopt).empty());
    CHECK(doctest_framework().to_order(7) == words{"--order-by=rand", "--rand-seed=7"});
    CHECK(catch2_version_2().to_order(std::nullopt).empty());
    CHECK(catch2_version_3().to_order(std::nullopt) == words{"--order", "decl"});
    CHECK(catch2_version_3().to_order(7) == words{"--order", "rand", "--rng-seed", "7"});
}

TEST_CASE("what is too long for an argument is read from a file, or divided") {
    const std::string file = std::filesystem::temp_directory_path().string() +
                             "/isolite-selection-" + std::to_string(isolite::os::own_number());
    const std::string longest(isolite::programs::longest_word, 'a');
    const auto content = [&file] {
        std::string text = isolite::programs::content_of(file);
        isolite::os::remove_file(file);
        return text;
    };
    const test_program of_gtest{{"./t"}, &googletest()};
    CHECK(of_gtest.running({longest, "b"}, 7, file) ==
          words{"./t", "--gtest_flagfile=" + file, "--gtest_shuffle", "--gtest_random_seed=7"});
    CHECK(content() == "--gtest_filter=" + longest + ":b\n");
    const test_program of_catch2{{"./t"}, &catch2_version_2()};
    CHECK(of_catch2.running({longest, "b, c"}, std::nullopt, file) ==
          words{"./t", "--input-file", file});
    CHECK(content() == "\"" + longest + "\"\n\"b\\, c\"\n");
    const test_program of_boost_test{{"./t"}, &boost_test()};
    const words many(150, std::string(1000, 'b'));
    const auto divided = of_boost_test.running(many, std::nullopt, file);
    REQUIRE(divided.size() == 3);
    CHECK(divided[1].size() == std::string("--run_test=").size() + 100 * 1001 - 1);
    CHECK(divided[2].size() == std::string("--run_test=").size() + 50 * 1001 - 1);
}

TEST_CASE("what a user selects is replaced, and other arguments stay") {
    const test_program of_catch2{{"./t", "[slow]", "-x", "3", "--abort", "name", "--data=x"},
                                 &catch2_version_2()};
    CHECK(of_catch2.running({"a"}, std::nullopt) ==
          words{"./t", "-x", "3", "--abort", "--data=x", "\"a\""});
    const test_program of_gtest{{"./t", "--gtest_filter=x.*", "-v"}, &googletest()};
    CHECK(of_gtest.running({"a.b"}, std::nullopt) == words{"./t", "-v", "--gtest_filter=a.b"});
    const test_program of_doctest{{"./t", "-tc=x*", "-ts=s", "--test-case=y"},
                                  &doctest_framework()};
    CHECK(of_doctest.running({"a"}, std::nullopt) == words{"./t", "-ts=s", "--test-case=a"});
}

TEST_CASE("options stand in front of what is not for the framework") {
    const test_program program{{"./t", "-v", "--", "mine"}, &boost_test()};
    CHECK(program.running({"a"}, std::nullopt) == words{"./t", "-v", "--run_test=a", "--", "mine"});
}
