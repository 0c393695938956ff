#include "os/own_process.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

using isolite::os::own_variables;
using isolite::os::program_path;
using isolite::os::program_path_by;

TEST_CASE("the path of a program is known without /proc, too") {
    const std::string real = std::filesystem::canonical("/bin/sh");
    CHECK(program_path_by("/nowhere/exe", "/bin/sh") == real);
    CHECK(program_path_by("/nowhere/exe", "nowhere/program") ==
          (std::filesystem::current_path() / "nowhere/program").string());
    CHECK(program_path_by("/nowhere/exe", nullptr) == "");
    CHECK(program_path_by("/nowhere/exe", "") == "");
    CHECK(program_path_by("/proc/self/exe", "/bin/sh") == program_path());
    CHECK(program_path().front() == '/');
}

TEST_CASE("the variables of this process are those that it has now") {
    ::setenv("OWN_PROCESS_TEST", "a=b", 1);
    CHECK(own_variables().at("OWN_PROCESS_TEST") == "a=b");
    ::unsetenv("OWN_PROCESS_TEST");
    CHECK(own_variables().count("OWN_PROCESS_TEST") == 0);
}
