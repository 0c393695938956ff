#include "temporary_directory.hpp"
#include "worker/runtime_directory.hpp"

#include <doctest/doctest.h>
#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

using isolite::workers::environment;
using isolite::workers::runtime_directory;

namespace {

std::string chosen(std::map<std::string, std::string> variables) {
    const auto directory = runtime_directory(environment(std::move(variables)));
    return directory ? *directory : directory.error().text();
}

std::string own_name() {
    return "isolite-" + std::to_string(::geteuid());
}

} // namespace

TEST_CASE("ISOLITE_RUNTIME_DIR is used as it is") {
    const temporary_directory directory;
    const std::string path = directory / "own";
    CHECK(chosen({{"ISOLITE_RUNTIME_DIR", path}, {"XDG_RUNTIME_DIR", directory.path()}}) == path);
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);
}

TEST_CASE("without it the locks live below XDG_RUNTIME_DIR, if that is usable") {
    const temporary_directory directory;
    CHECK(chosen({{"XDG_RUNTIME_DIR", directory.path()}}) == directory / "isolite");
    for (const std::string& unusable : {directory / "missing", std::string("relative"),
                                        std::string(), std::string("/dev/null")}) {
        CHECK(chosen({{"XDG_RUNTIME_DIR", unusable}, {"TMPDIR", directory.path()}}) ==
              directory / own_name());
    }
}

TEST_CASE("a relative path would be another directory in every worker") {
    CHECK(
        chosen({{"ISOLITE_RUNTIME_DIR", "run"}}) ==
        "cannot claim a worker slot: ISOLITE_RUNTIME_DIR is \"run\", not an absolute path\n  hint: "
        "write a path that begins with /: it must name the same directory in all workers");
    CHECK(chosen({{"ISOLITE_RUNTIME_DIR", ""}}) ==
          "cannot claim a worker slot: ISOLITE_RUNTIME_DIR is \"\", not an absolute path\n  hint: "
          "write a path that begins with /: it must name the same directory in all workers");
    CHECK(chosen({{"TMPDIR", "tmp"}}) ==
          "cannot claim a worker slot: TMPDIR is \"tmp\", not an absolute path\n  hint: write a "
          "path that begins with /: it must name the same directory in all workers");
}

TEST_CASE("a directory of another user is passed over, and refused where it was asked for") {
    if (::geteuid() != 0) {
        return; // Only root can give a directory away.
    }
    const temporary_directory directory;
    const std::string path = directory / "foreign";
    std::filesystem::create_directory(path);
    REQUIRE(::chown(path.c_str(), 1234, 0) == 0);
    CHECK(chosen({{"XDG_RUNTIME_DIR", path}, {"TMPDIR", directory.path()}}) ==
          directory / own_name());
    CHECK(chosen({{"ISOLITE_RUNTIME_DIR", path}}) ==
          "cannot claim a worker slot: " + path +
              " belongs to user 1234, not to user 0\n  hint: name a directory of your own in "
              "ISOLITE_RUNTIME_DIR, e.g. a new one, which isolite will make");
}
