#include "temporary_directory.hpp"
#include "worker/runtime_directory.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

using isolite::detail::environment;
using isolite::detail::make_private_directory;
using isolite::detail::runtime_directory;

namespace {

std::string chosen(std::map<std::string, std::string> variables) {
    const auto directory = runtime_directory(environment(std::move(variables)));
    return directory ? *directory : directory.error().text();
}

std::string failure(const std::string& path) {
    const auto made = make_private_directory(path);
    return made ? "made" : made.error().text();
}

const std::string not_ours = "\n  hint: name a directory of your own in ISOLITE_RUNTIME_DIR, e.g. "
                             "a new one, which isolite will make";

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

TEST_CASE("a directory that somebody else prepared is refused") {
    const temporary_directory directory;
    const std::string hint =
        "\n  hint: delete it if it is a leftover, or name another directory in "
        "ISOLITE_RUNTIME_DIR";
    std::filesystem::create_directory(directory / "target");
    std::filesystem::create_directory_symlink(directory / "target", directory / "link");
    CHECK(failure(directory / "link") ==
          "cannot claim a worker slot: " + (directory / "link") +
              " is a symbolic link, which another user may have put there" + hint);
    std::ofstream(directory / "file").close();
    CHECK(failure(directory / "file") ==
          "cannot claim a worker slot: " + (directory / "file") + " is not a directory" + hint);
    std::filesystem::create_directory(directory / "open");
    REQUIRE(::chmod((directory / "open").c_str(), 0770) == 0);
    CHECK(failure(directory / "open") == "cannot claim a worker slot: " + (directory / "open") +
                                             " may be written by other users" + not_ours);
}

TEST_CASE("a directory of another user is refused") {
    const temporary_directory directory;
    const std::string path = directory / "foreign";
    std::filesystem::create_directory(path);
    if (::geteuid() != 0) {
        // Only root can give a directory away; everybody else finds one that is root's.
        CHECK(failure("/usr") ==
              "cannot claim a worker slot: /usr belongs to user 0, not to user " +
                  std::to_string(::geteuid()) + not_ours);
        return;
    }
    REQUIRE(::chown(path.c_str(), 1234, 0) == 0);
    CHECK(chosen({{"XDG_RUNTIME_DIR", path}, {"TMPDIR", directory.path()}}) ==
          directory / own_name());
    CHECK(failure(path) == "cannot claim a worker slot: " + path +
                               " belongs to user 1234, not to user 0" + not_ours);
}

TEST_CASE("a directory that cannot be made is an error with its path") {
    CHECK(failure("/nowhere/run") ==
          "cannot claim a worker slot: making the directory /nowhere/run failed: No such file or "
          "directory\n  hint: name another directory in ISOLITE_RUNTIME_DIR if this one cannot be "
          "used");
}
