#include "../worker/temporary_directory.hpp"
#include "os/private_directory.hpp"

#include <algorithm>
#include <cerrno>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using isolite::os::private_directory;
using when_missing = private_directory::when_missing;
using sharing = private_directory::sharing;

namespace {

constexpr isolite::os::purpose making_a_directory = {"claim a worker slot", "ISOLITE_RUNTIME_DIR"};

namespace files = std::filesystem;

std::string failure(const std::string& path, when_missing missing = when_missing::make,
                    sharing sharing = sharing::refused) {
    const auto opened = private_directory::open(path, making_a_directory, missing, sharing);
    return opened ? "opened" : opened.error().text();
}

std::string refused(const std::string& path, const std::string& complaint) {
    return "cannot claim a worker slot: " + path + " " + complaint;
}

const std::string leftover = "\n  hint: delete it if it is a leftover, or name another directory "
                             "in ISOLITE_RUNTIME_DIR";
const std::string not_ours = "\n  hint: name a directory of your own in ISOLITE_RUNTIME_DIR, e.g. "
                             "a new one, which isolite will make";
const std::string a_link = "is a symbolic link, which another user may have put there";

std::string made(const std::string& path, mode_t mode) {
    files::create_directory(path);
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    return path;
}

mode_t mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

} // namespace

TEST_CASE("what is missing of a path is made for this user only, whatever the mask") {
    const temporary_directory directory;
    for (const mode_t mask : {0, 0777}) {
        const std::string path = directory / ("mask" + std::to_string(mask));
        const mode_t before = ::umask(mask);
        const std::string outcome = failure(path + "/b//c/");
        ::umask(before);
        CHECK(outcome == "opened");
        CHECK(mode_of(path) == 0700);
        CHECK(mode_of(path + "/b/c") == 0700);
    }
}

TEST_CASE("nothing is made where it was not asked for") {
    const temporary_directory directory;
    CHECK(failure(directory / "a/b", when_missing::fail) ==
          "cannot claim a worker slot: opening the directory " + (directory / "a") +
              " failed: No such file or directory\n  hint: name another directory in "
              "ISOLITE_RUNTIME_DIR if this one cannot be used");
    CHECK(files::is_empty(directory.path()));
}

TEST_CASE("the level that cannot be opened is named with the cause") {
    const temporary_directory directory;
    std::ofstream(directory / "file").close();
    CHECK(failure(directory / "file/a/b") ==
          "cannot claim a worker slot: opening the directory " + (directory / "file/a") +
              " failed: Not a directory\n  hint: name another directory in ISOLITE_RUNTIME_DIR "
              "if this one cannot be used");
}

TEST_CASE("a directory that somebody else prepared is refused") {
    const temporary_directory directory;
    made(directory / "target", 0700);
    for (const char* target : {"target", "missing", "link"}) {
        files::remove(directory / "link");
        files::create_symlink(directory / target, directory / "link");
        for (const char* end : {"", "/"}) {
            CHECK(failure((directory / "link") + end) ==
                  refused(directory / "link", a_link + leftover));
        }
    }
    CHECK_FALSE(files::exists(directory / "missing"));
    std::ofstream(directory / "file").close();
    REQUIRE(::mkfifo((directory / "pipe").c_str(), 0600) == 0);
    for (const char* name : {"file", "pipe"}) {
        CHECK(failure(directory / name) ==
              refused(directory / name, "is not a directory" + leftover));
    }
    for (const mode_t open : {0770, 0707, 01777}) {
        CHECK(failure(made(directory / "open", open)) ==
              refused(directory / "open", "may be written by other users" + not_ours));
    }
}

TEST_CASE("a directory of another user is refused") {
    if (::geteuid() != 0) {
        // Only root can give a directory away; everybody else finds one that is root's.
        CHECK(failure("/usr") == refused("/usr", "belongs to user 0, not to user " +
                                                     std::to_string(::geteuid()) + not_ours));
        return;
    }
    const temporary_directory directory;
    const std::string path = made(directory / "foreign", 0700);
    REQUIRE(::chown(path.c_str(), 1234, 0) == 0);
    for (const auto shared : {sharing::refused, sharing::allowed}) {
        CHECK(failure(path, when_missing::make, shared) ==
              refused(path, "belongs to user 1234, not to user 0" + not_ours));
    }
}

TEST_CASE("a link on the way is followed if it is this user's or root's") {
    const temporary_directory directory;
    const std::string target = made(directory / "target", 0700);
    const std::string link = made(directory / "open", 01777) + "/link";
    files::create_symlink(target, link);
    CHECK(failure(link + "/own") == "opened");
    CHECK(files::exists(target + "/own"));
    if (::geteuid() == 0) { // Only root can give a link away.
        REQUIRE(::lchown(link.c_str(), 1234, 0) == 0);
        CHECK(failure(link + "/other") == refused(link, a_link + leftover));
        CHECK_FALSE(files::exists(target + "/other"));
    }
}

TEST_CASE("where it may be shared, others may write if they cannot take away what is ours") {
    const temporary_directory directory;
    const std::string path = directory / "shared";
    for (const mode_t sticky : {01777, 0700}) {
        CHECK(failure(made(path, sticky), when_missing::make, sharing::allowed) == "opened");
    }
    for (const mode_t open : {0777, 0770}) {
        CHECK(failure(made(path, open), when_missing::make, sharing::allowed) ==
              refused(path, "may be written by other users" + not_ours));
    }
}

TEST_CASE("what is opened in a directory is private too, and stays in it") {
    const temporary_directory directory;
    const auto outer = private_directory::open(made(directory / "outer", 01777), making_a_directory,
                                               when_missing::make, sharing::allowed);
    REQUIRE(outer);
    REQUIRE(outer->open_in("inner"));
    made(directory / "outer/open", 0777);
    CHECK(outer->open_in("open").error().text() ==
          refused(directory / "outer/open", "may be written by other users" + not_ours));
    files::create_symlink(directory.path(), directory / "outer/link");
    CHECK(outer->open_in("link").error().text() ==
          refused(directory / "outer/link", a_link + leftover));
    auto names = outer->names();
    std::sort(names.begin(), names.end());
    CHECK(names == std::vector<std::string>{"inner", "link", "open"});

    files::rename(directory / "outer", directory / "elsewhere");
    REQUIRE(outer->open_in("late"));
    CHECK(files::exists(directory / "elsewhere/late"));
    CHECK_FALSE(files::exists(directory / "outer"));
}

TEST_CASE("a file is made for this user only, and never where there is something") {
    const temporary_directory directory;
    const auto own = private_directory::open(directory.path(), making_a_directory);
    REQUIRE(own);
    for (const mode_t mask : {0, 0777}) {
        const mode_t before = ::umask(mask);
        const bool is_made = static_cast<bool>(own->make_file("file" + std::to_string(mask)));
        ::umask(before);
        CHECK(is_made);
        CHECK(mode_of(directory / ("file" + std::to_string(mask))) == 0600);
    }
    files::create_symlink(directory / "missing", directory / "link");
    REQUIRE(::mkfifo((directory / "pipe").c_str(), 0600) == 0);
    for (const char* there : {"file0", "link", "pipe"}) {
        const bool is_made = static_cast<bool>(own->make_file(there));
        CHECK_FALSE(is_made);
        CHECK(errno == EEXIST);
    }
    CHECK_FALSE(files::exists(directory / "missing"));
}

TEST_CASE("a directory is made for this user only, and only where there is nothing") {
    const temporary_directory directory;
    const auto own = private_directory::open(directory.path(), making_a_directory);
    REQUIRE(own);
    for (const mode_t mask : {0, 0777}) {
        const mode_t before = ::umask(mask);
        const bool is_made = own->make_directory("mask" + std::to_string(mask));
        ::umask(before);
        CHECK(is_made);
        CHECK(mode_of(directory / ("mask" + std::to_string(mask))) == 0700);
    }
    CHECK_FALSE(own->make_directory("mask0"));
    CHECK(errno == EEXIST);
}

TEST_CASE("a private directory says when it was modified, is private again, and can be let go") {
    const temporary_directory directory;
    auto own = private_directory::open(directory / "own", making_a_directory);
    REQUIRE(own);
    CHECK(own->set_modified({1000, 0}));
    CHECK(own->facts()->modified.tv_sec == 1000);
    REQUIRE(::chmod((directory / "own").c_str(), 0777) == 0);
    CHECK(own->set_private());
    CHECK(mode_of(directory / "own") == 0700);
    const int number = own->number();
    own->forget();
    CHECK_FALSE(own->facts());
    CHECK(::close(number) == 0);
}
