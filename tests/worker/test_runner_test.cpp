#include "worker/test_runner.hpp"

#include <doctest/doctest.h>

using isolite::os::process;
using isolite::workers::find_test_runner;
using isolite::workers::test_runner_kind;

TEST_CASE("meson test is known by its command line, however it was started") {
    using arguments = std::vector<std::string>;
    for (const arguments& line :
         {arguments{"meson", "test"},
          arguments{"/usr/bin/python3", "/usr/bin/meson", "test", "-C", "b"},
          arguments{"/usr/bin/python3", "/usr/bin/meson", "test", "--no-rebuild"},
          arguments{"python3", "-X", "dev", "../meson/meson.py", "test"},
          arguments{"/usr/bin/python3", "-m", "mesonbuild.mesonmain", "test"}}) {
        CHECK(test_runner_kind(line) == "meson");
    }
}

TEST_CASE("ctest is known by the name of the program") {
    CHECK(test_runner_kind({"ctest"}) == "ctest");
    CHECK(test_runner_kind({"/usr/bin/ctest", "--force-new-ctest-process"}) == "ctest");
}

TEST_CASE("other command lines are no test runners, though they mention one") {
    using arguments = std::vector<std::string>;
    for (const arguments& line :
         {arguments{}, arguments{""}, arguments{"meson"}, arguments{"meson", "setup", "test"},
          arguments{"meson", "compile", "-C", "test"}, arguments{"ninja", "test"},
          arguments{"sh", "-c", "/usr/bin/meson test --no-rebuild"},
          arguments{"python3", "meson/run.py", "test"}, arguments{"mytest", "ctest"},
          arguments{"/usr/bin/python3", "/usr/bin/meson", "--internal", "exe", "test"}}) {
        CHECK_FALSE(test_runner_kind(line).has_value());
    }
}

TEST_CASE("the nearest of several runners is the one whose run this is") {
    process shell;
    shell.arguments = {"sh"};
    process ctest;
    ctest.pid = 1 << 30;
    ctest.start_time = 9;
    ctest.arguments = {"ctest"};
    process meson = ctest;
    meson.arguments = {"meson", "test"};

    REQUIRE(find_test_runner({shell, ctest, meson}).has_value());
    CHECK(find_test_runner({shell, ctest, meson})->run_id == "ctest-1073741824-9");
    CHECK(find_test_runner({shell, meson, ctest})->run_id == "meson-1073741824-9");
    CHECK_FALSE(find_test_runner({shell}).has_value());
    CHECK_FALSE(find_test_runner({}).has_value());
}
