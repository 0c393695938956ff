#include "programs/framework.hpp"
#include "programs/test_program.hpp"

#include <doctest/doctest.h>

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

TEST_CASE("each framework selects cases by its own options, in its order or in that of a seed") {
    CHECK(googletest().to_select({"a.b", "c.d/0"}, std::nullopt) ==
          words{"--gtest_filter=a.b:c.d/0"});
    CHECK(googletest().to_select({"a.b"}, 7) ==
          words{"--gtest_filter=a.b", "--gtest_shuffle", "--gtest_random_seed=7"});
    CHECK(boost_test().to_select({"a/b", "c"}, std::nullopt) == words{"--run_test=a/b:c"});
    CHECK(boost_test().to_select({"c"}, 7) == words{"--run_test=c", "--random=7"});
    CHECK(doctest_framework().to_select({"a, b", "c\\d"}, 7) ==
          words{"--test-case=a? b,c?d", "--order-by=rand", "--rand-seed=7"});
    CHECK(catch2_version_2().to_select({"a, b", "c \"d\" \\ [e]"}, std::nullopt) ==
          words{R"("a\, b","c \"d\" \\ [e]")"});
    CHECK(catch2_version_2().to_select({"a"}, 7) ==
          words{"\"a\"", "--order", "rand", "--rng-seed", "7"});
    CHECK(catch2_version_3().to_select({"a"}, std::nullopt) == words{"\"a\"", "--order", "decl"});
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
