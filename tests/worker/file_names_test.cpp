#include "worker/file_names.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include <unistd.h>

using isolite::detail::environment;
using isolite::detail::is_absolute;
using isolite::detail::own_directory_in;
using isolite::detail::program_path;
using isolite::detail::program_path_by;
using isolite::detail::temporary_directory;
using variables = std::map<std::string, std::string>;

TEST_CASE("an absolute path begins with a slash") {
    CHECK(is_absolute("/"));
    CHECK(is_absolute("/var/tmp"));
    CHECK(!is_absolute("var/tmp"));
    CHECK(!is_absolute("./tmp"));
    CHECK(!is_absolute(""));
}

TEST_CASE("the path of a program is known without /proc, too") {
    const std::string real = std::filesystem::canonical("/bin/sh");
    CHECK(program_path_by("/nowhere/exe", "/bin/sh") == real);
    CHECK(program_path_by("/nowhere/exe", "nowhere/program") ==
          (std::filesystem::current_path() / "nowhere/program").string());
    CHECK(program_path_by("/nowhere/exe", nullptr) == "");
    CHECK(program_path_by("/nowhere/exe", "") == "");
    CHECK(program_path_by("/proc/self/exe", "/bin/sh") == program_path());
    CHECK(is_absolute(program_path()));
}

TEST_CASE("without TMPDIR temporary files go to /tmp") {
    CHECK(temporary_directory(environment(variables{{"TMPDIR", "/var/tmp"}})) == "/var/tmp");
    CHECK(temporary_directory(environment(variables{{"TMPDIR", "relative"}})) == "relative");
    CHECK(temporary_directory(environment(variables())) == "/tmp");
}

TEST_CASE("each user has a temporary directory of their own") {
    const std::string own = "/tmp/isolite-" + std::to_string(::geteuid());
    CHECK(own_directory_in("/tmp") == own);
    CHECK(own_directory_in("/tmp/") == own);
}
