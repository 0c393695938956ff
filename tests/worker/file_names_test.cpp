#include "worker/file_names.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include <unistd.h>

using isolite::detail::environment;
using isolite::detail::file_name;
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

TEST_CASE("a file's name has nothing that is special to a shell or a file system") {
    CHECK(file_name("Shop_2", 100, "_") == "Shop_2");
    CHECK(file_name("shop/orders: it's *here*.", 100, "_.") == "shop-orders--it-s--here-.");
    CHECK(file_name("a.b_c", 100, "") == "a-b-c");
    CHECK(file_name("\u00e4", 100, "_") == "--");
}

TEST_CASE("a file's name is cut where it is too long") {
    CHECK(file_name("orders", 6, "") == "orders");
    CHECK(file_name("orders", 5, "") == "order");
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
