#include "../worker/temporary_directory.hpp"
#include "os/descriptor.hpp"
#include "os/files.hpp"
#include "os/whole_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using isolite::os::descriptor;
using isolite::os::names_in;
using isolite::os::replace_file;
using opening = descriptor::opening;
namespace files = std::filesystem;
namespace os = isolite::os;

namespace {

std::string content_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> sorted(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace

TEST_CASE("the facts of a file are told without following a link, or behind it") {
    const temporary_directory directory;
    std::ofstream(directory / "file") << "four";
    files::create_symlink("file", directory / "link");
    const auto file = os::look_at(directory / "file");
    REQUIRE(file);
    CHECK(file->is_regular());
    CHECK(file->bytes == 4);
    CHECK(file->links == 1);
    CHECK(os::look_at(directory / "link")->what == os::file_facts::kind::link);
    CHECK(os::look_behind(directory / "link")->number == file->number);
    CHECK(os::look_at(directory.path())->is_directory());
    CHECK_FALSE(os::look_at(directory / "missing"));
    CHECK(errno == ENOENT);
    CHECK(os::is_own_directory(directory.path()));
    CHECK_FALSE(os::is_own_directory(directory / "file"));
}

TEST_CASE("a file that changed shows it, once its last change is older than the clock's tick") {
    os::file_facts facts;
    facts.changed = {10, 500};
    CHECK(os::is_settled(facts, {10, 501}));
    CHECK(os::is_settled(facts, {11, 0}));
    CHECK_FALSE(os::is_settled(facts, {10, 500}));
    CHECK_FALSE(os::is_settled(facts, {9, 900}));
    facts.changed = {10, 0}; // a file system that counts seconds
    CHECK_FALSE(os::is_settled(facts, {10, 999}));
    CHECK(os::is_settled(facts, {11, 0}));
    for (auto change :
         {+[](os::file_facts& f) { f.device = 1; }, +[](os::file_facts& f) { f.number = 1; },
          +[](os::file_facts& f) { f.bytes = 1; },
          +[](os::file_facts& f) { f.modified.tv_nsec = 1; },
          +[](os::file_facts& f) { f.changed.tv_nsec = 1; }}) {
        os::file_facts later = facts;
        CHECK(os::is_unchanged(facts, later));
        change(later);
        CHECK_FALSE(os::is_unchanged(facts, later));
    }
}

TEST_CASE("the names in a directory are those of all files, or it is said why not") {
    const temporary_directory directory;
    files::create_directory(directory / "a");
    std::ofstream(directory / ".b") << "";
    int failure = -1;
    CHECK(sorted(names_in(directory.path(), &failure)) == std::vector<std::string>{".b", "a"});
    CHECK(failure == 0);
    CHECK(names_in(directory / "missing", &failure).empty());
    CHECK(failure == ENOENT);
}

TEST_CASE("a file is replaced as a whole, and a failure leaves nothing behind") {
    const temporary_directory directory;
    const std::string path = directory / "file";
    std::ofstream(path + ".new-" + std::to_string(::getpid())) << "left by a killed process";
    CHECK(replace_file(path, "one") == 0);
    CHECK(replace_file(path, "two") == 0);
    CHECK(content_of(path) == "two");
    CHECK(replace_file(directory / "missing/file", "x") == ENOENT);
    files::create_directories(directory / "full/inside");
    CHECK(replace_file(directory / "full", "x") != 0);
    CHECK(sorted(names_in(directory.path())) == std::vector<std::string>{"file", "full"});
}

TEST_CASE("what is there is written to, also through a link") {
    const temporary_directory directory;
    std::ofstream(directory / "file") << "a long text";
    files::create_symlink("file", directory / "link");
    CHECK(os::write_to_file(directory / "link", "short") == 0);
    CHECK(content_of(directory / "file") == "short");
    CHECK(files::is_symlink(directory / "link"));
    CHECK(os::write_to_file(directory.path(), "x") == EISDIR);
}

TEST_CASE("a descriptor reads and writes at places, and tells the end of a file") {
    const temporary_directory directory;
    const std::string path = directory / "file";
    {
        const descriptor file = descriptor::open(path, opening::make);
        REQUIRE(file);
        CHECK(file.facts()->permissions == 0600);
        CHECK(file.write_all("0123"));
        CHECK(file.write_at(2, "ab"));
        CHECK_FALSE(descriptor::open(path, opening::make));
        CHECK(errno == EEXIST);
    }
    const descriptor file = descriptor::open(path, opening::read_no_link);
    CHECK(file.read_at(0, 100) == "01ab");
    CHECK(file.read_at(3, 1) == "b");
    CHECK(file.read_at(9, 1).empty());
    CHECK_FALSE(file.write_all("x"));
    char byte = 0;
    CHECK(file.read_some(&byte, 1) == 1);
    CHECK(byte == '0');
    CHECK(descriptor::open(path, opening::rewrite).facts()->bytes == 0);
    CHECK(file.read_some(&byte, 1) == 0);
}

TEST_CASE("a link is opened to read only where that is asked for") {
    const temporary_directory directory;
    std::ofstream(directory / "file") << "x";
    files::create_symlink("file", directory / "link");
    CHECK(descriptor::open(directory / "link", opening::read));
    for (const opening how : {opening::read_no_link, opening::write, opening::rewrite}) {
        CHECK_FALSE(descriptor::open(directory / "link", how));
        CHECK(errno == ELOOP);
    }
}

TEST_CASE("a file is locked by one alone or by several") {
    const temporary_directory directory;
    const std::string path = directory / "file";
    const descriptor one = descriptor::open(path, opening::make);
    const descriptor other = descriptor::open(path, opening::read);
    CHECK(one.lock_shared());
    CHECK(other.lock_shared());
    CHECK_FALSE(one.lock_alone());
    CHECK(errno == EWOULDBLOCK);
}

TEST_CASE("a tree is removed, also where nobody may write, and what a link leads to is not") {
    const temporary_directory directory;
    namespace fs = files;
    const std::string tree = directory / "tree";
    fs::create_directories(tree + "/a/b");
    std::ofstream(directory / "kept").close();
    std::ofstream(tree + "/a/b/file").close();
    fs::create_symlink(directory / "kept", tree + "/a/link");
    fs::create_directory_symlink(directory.path(), tree + "/a/up");
    fs::permissions(tree + "/a/b", fs::perms::none);
    fs::permissions(tree + "/a", fs::perms::none);
    fs::permissions(tree, fs::perms::none);
    os::remove_tree(tree);
    CHECK_FALSE(fs::exists(tree));
    CHECK(fs::exists(directory / "kept"));
    os::remove_tree(tree); // there is none
}

TEST_CASE("a file system tells how much room it has") {
    CHECK(os::free_bytes("/") > 0);
    CHECK(os::free_bytes("/nowhere") == 0);
}

TEST_CASE("a descriptor knows whether nobody else has its file") {
    const temporary_directory directory;
    const std::string path = directory / "file";
    std::ofstream(path) << "content";
    const auto is_alone = [&path] { return descriptor::of_file(path, O_RDWR).is_the_only_one(); };
    CHECK(is_alone());
    for (const int how : {O_RDONLY, O_RDWR}) {
        const int other = ::open(path.c_str(), how);
        CHECK_FALSE(is_alone());
        void* const mapped = ::mmap(nullptr, 1, PROT_READ, MAP_SHARED, other, 0);
        REQUIRE(mapped != MAP_FAILED);
        ::close(other);
        CHECK_FALSE(is_alone());
        ::munmap(mapped, 1);
        CHECK(is_alone());
    }
}

TEST_CASE("who opens such a file meanwhile has to wait, and nobody dies of it") {
    const temporary_directory directory;
    const std::string path = directory / "file";
    std::ofstream(path) << "content";
    const auto own = descriptor::of_file(path, O_RDWR);
    REQUIRE(own.is_the_only_one());
    const pid_t child = ::fork();
    if (child == 0) {
        const bool waits = ::open(path.c_str(), O_RDONLY | O_NONBLOCK) < 0 && errno == EWOULDBLOCK;
        ::_exit(waits ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
}

TEST_CASE("a file says that it was modified when it is told to") {
    const temporary_directory directory;
    const auto own = descriptor::of_file(directory / "file", O_RDWR | O_CREAT);
    CHECK(own.set_modified({1000, 0}));
    CHECK(own.facts()->modified.tv_sec == 1000);
    CHECK(own.set_permissions(0640));
    CHECK(own.facts()->permissions == 0640);
}
