#include "worker/file_names.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include <unistd.h>

using isolite::workers::environment;
using isolite::workers::is_absolute;
using isolite::workers::own_directory_in;
using variables = std::map<std::string, std::string>;

TEST_CASE("an absolute path begins with a slash") {
    CHECK(is_absolute("/"));
    CHECK(is_absolute("/var/tmp"));
    CHECK(!is_absolute("var/tmp"));
    CHECK(!is_absolute("./tmp"));
    CHECK(!is_absolute(""));
}

TEST_CASE("without TMPDIR temporary files go to /tmp") {
    CHECK(isolite::workers::temporary_directory(environment(variables{{"TMPDIR", "/var/tmp"}})) ==
          "/var/tmp");
    CHECK(isolite::workers::temporary_directory(environment(variables{{"TMPDIR", "relative"}})) ==
          "relative");
    CHECK(isolite::workers::temporary_directory(environment(variables())) == "/tmp");
}

TEST_CASE("each user has a temporary directory of their own") {
    const std::string own = "/tmp/isolite-" + std::to_string(::geteuid());
    CHECK(own_directory_in("/tmp") == own);
    CHECK(own_directory_in("/tmp/") == own);
}
