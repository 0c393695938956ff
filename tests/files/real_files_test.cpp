#include "scratch_files.hpp"

#include <ctime>
#include <functional>
#include <map>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;

std::string directory_of(const std::string& path) {
    return fs::path(path).parent_path();
}

struct stat status_of(const std::string& path) {
    struct stat status {};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status;
}

void write_byte(const std::string& path, off_t place) {
    const int file = ::open(path.c_str(), O_WRONLY);
    REQUIRE(::pwrite(file, "x", 1, place) == 1);
    ::close(file);
}

/// Returns what differs from a file that was just made, and is alone in its directory; "" if
/// nothing does.
std::string differences(const scratch_files& shop, const std::string& path) {
    const std::string directory = directory_of(path);
    if (!fs::is_directory(directory) || fs::is_symlink(directory)) {
        return "no directory";
    }
    std::string found;
    if (status_of(directory).st_mode != (S_IFDIR | 0700)) {
        found += "permissions of the directory ";
    }
    for (const std::string& name : names_in(directory)) {
        found += name == fs::path(path).filename() ? "" : name + " ";
    }
    if (!fs::is_regular_file(fs::symlink_status(path))) {
        return found + "no file";
    }
    const auto status = status_of(path);
    found += status.st_mode == (S_IFREG | 0600) ? "" : "permissions ";
    found += status.st_nlink == 1 ? "" : "names ";
    found += bytes_of(path) == shop.seeded ? "" : "bytes";
    return found;
}

void check_pristine(const scratch_files& shop, const std::string& path) {
    CHECK(differences(shop, path) == "");
}

using action = std::function<void(const std::string& path)>;

/// What tests do to their files.
const std::map<std::string, action> deeds = {
    {"rewrites a byte", [](const std::string& path) { write_byte(path, 9000); }},
    {"rewrites a byte and says it did so earlier",
     [](const std::string& path) {
         const auto before = fs::last_write_time(path);
         write_byte(path, 9000);
         fs::last_write_time(path, before);
     }},
    {"changes a row", [](const std::string& path) { run_on(path, "UPDATE t SET v = 'b'"); }},
    {"changes it in WAL mode",
     [](const std::string& path) {
         run_on(path, "PRAGMA journal_mode = WAL; UPDATE t SET v = 'b'");
     }},
    {"has another page size",
     [](const std::string& path) { run_on(path, "PRAGMA page_size = 512; VACUUM"); }},
    {"appends", [](const std::string& path) { std::ofstream(path, std::ios::app) << "more"; }},
    {"makes it larger", [](const std::string& path) { fs::resize_file(path, 100'000); }},
    {"cuts it", [](const std::string& path) { fs::resize_file(path, 5000); }},
    {"empties it", [](const std::string& path) { std::ofstream(path).close(); }},
    {"removes it", [](const std::string& path) { fs::remove(path); }},
    {"renames it", [](const std::string& path) { fs::rename(path, path + ".old"); }},
    {"replaces it",
     [](const std::string& path) {
         std::ofstream(path + ".new") << "another";
         fs::rename(path + ".new", path);
     }},
    {"puts a link in its place",
     [](const std::string& path) {
         fs::rename(path, path + ".old");
         fs::create_symlink(path + ".old", path);
     }},
    {"puts a directory in its place",
     [](const std::string& path) {
         fs::remove(path);
         fs::create_directories(path + "/with/more");
     }},
    {"gives it another name",
     [](const std::string& path) {
         fs::create_hard_link(path, directory_of(directory_of(path)) + "/other");
     }},
    {"takes its permissions", [](const std::string& path) { ::chmod(path.c_str(), 0); }},
    {"lets others read it", [](const std::string& path) { ::chmod(path.c_str(), 0644); }},
    {"leaves a journal, a log and an index",
     [](const std::string& path) {
         for (const char* const suffix : {"-journal", "-wal", "-shm"}) {
             std::ofstream(path + suffix) << "left";
         }
     }},
    {"leaves a directory in which nobody may write",
     [](const std::string& path) {
         fs::create_directories(path + ".d/e");
         std::ofstream(path + ".d/e/f") << "left";
         ::chmod((path + ".d/e").c_str(), 0);
         ::chmod((path + ".d").c_str(), 0);
     }},
    {"lets others into the directory",
     [](const std::string& path) { ::chmod(directory_of(path).c_str(), 0755); }},
    {"lets nobody into the directory",
     [](const std::string& path) { ::chmod(directory_of(path).c_str(), 0); }},
    {"removes the directory", [](const std::string& path) { fs::remove_all(directory_of(path)); }},
    {"renames the directory",
     [](const std::string& path) { fs::rename(directory_of(path), directory_of(path) + "-old"); }},
    {"puts a link in the place of the directory",
     [](const std::string& path) {
         fs::rename(directory_of(path), directory_of(path) + "-old");
         fs::create_symlink(directory_of(path) + "-old", directory_of(path));
     }},
    {"removes the place of all directories",
     [](const std::string& path) { fs::remove_all(directory_of(directory_of(path))); }},
};

} // namespace

TEST_CASE_FIXTURE(scratch_files, "a real file is called as its database and is all there is beside "
                                 "it") {
    const std::string path = next();
    CHECK(path.front() == '/');
    CHECK(fs::path(path).filename() == "shop.db");
    check_pristine(*this, path);
    CHECK(run_on(path, "SELECT count(*) FROM t") == "3");
}

TEST_CASE_FIXTURE(scratch_files,
                  "whatever a test does to its file, the next one finds it as it was "
                  "made") {
    for (const auto& [called, deed] : deeds) {
        const std::string name = called;
        CAPTURE(name);
        const std::string path = next();
        deed(path);
        CHECK(differences(*this, path) != ""); // the control
        check_pristine(*this, next());
    }
}

TEST_CASE_FIXTURE(scratch_files, "a write in the same tick of the clock is noticed") {
    for (int i = 0; i < 200; ++i) {
        write_byte(next(), 9000);
    }
    check_pristine(*this, next());
    // That holds however long a tick is: what nobody has written is an hour old.
    constexpr std::time_t almost_an_hour = 3500;
    const std::time_t then = std::time(nullptr) - almost_an_hour;
    CHECK(status_of(again()).st_mtim.tv_sec < then);
    CHECK(status_of(directory_of(again())).st_mtim.tv_sec < then);
}

TEST_CASE_FIXTURE(scratch_files, "a file that was only read is not touched") {
    const std::string path = next();
    CHECK(run_on(path, "SELECT count(*) FROM t") == "3");
    const auto before = status_of(path);
    CHECK(next() == path);
    CHECK(status_of(path).st_ino == before.st_ino);
    CHECK(status_of(path).st_ctim.tv_sec == before.st_ctim.tv_sec);
    CHECK(status_of(path).st_ctim.tv_nsec == before.st_ctim.tv_nsec);
}

TEST_CASE_FIXTURE(scratch_files, "a file that was changed is kept, and so is its path") {
    const std::string path = next();
    const auto number = status_of(path).st_ino;
    run_on(path, "UPDATE t SET v = 'b'");
    CHECK(next() == path);
    CHECK(status_of(path).st_ino == number);
}

TEST_CASE_FIXTURE(scratch_files, "only the first call in a session puts a file right") {
    const std::string path = next();
    run_on(path, "DELETE FROM t");
    std::ofstream(path + ".log") << "of the test";
    CHECK(again() == path);
    CHECK(run_on(path, "SELECT count(*) FROM t") == "0");
    CHECK(fs::exists(path + ".log"));
    fs::remove(path);
    CHECK(again() == path);
    CHECK_FALSE(fs::exists(path));
}

TEST_CASE_FIXTURE(scratch_files,
                  "who has the file open from an earlier test does not write to that "
                  "of the next one") {
    const std::string path = next();
    for (const bool changed : {false, true}) {
        const int file = ::open(next().c_str(), O_RDWR);
        REQUIRE(::pwrite(file, "x", changed ? 1 : 0, 9000) >= 0);
        const std::string now = next();
        check_pristine(*this, now);
        REQUIRE(::pwrite(file, "x", 1, 5000) == 1);
        ::close(file);
        check_pristine(*this, now);
    }
}

TEST_CASE_FIXTURE(scratch_files, "who has it mapped does not write to it either") {
    const int file = ::open(next().c_str(), O_RDWR);
    void* const mapped =
        ::mmap(nullptr, seeded.size(), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    REQUIRE(mapped != MAP_FAILED);
    const std::string now = next();
    static_cast<char*>(mapped)[5000] = 'x';
    ::munmap(mapped, seeded.size());
    check_pristine(*this, now);
}

TEST_CASE_FIXTURE(scratch_files, "a process that a test left does not write to it either") {
    const std::string before = next();
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const int file = ::open(before.c_str(), O_RDWR);
    const pid_t child = ::fork();
    if (child == 0) {
        char byte = 0;
        ::close(ends[1]);
        static_cast<void>(::read(ends[0], &byte, 1));
        ::_exit(::pwrite(file, "x", 1, 5000) == 1 ? 0 : 1);
    }
    ::close(file);
    ::close(ends[0]);
    const std::string now = next();
    ::close(ends[1]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    check_pristine(*this, now);
}

TEST_CASE_FIXTURE(scratch_files, "a connection that a test left does not take the log of the next "
                                 "one's file") {
    sqlite3* left = nullptr;
    sqlite3_open(next().c_str(), &left);
    sqlite3_exec(left, "PRAGMA journal_mode = WAL; DELETE FROM t", nullptr, nullptr, nullptr);
    const std::string path = next();
    sqlite3* own = nullptr;
    sqlite3_open(path.c_str(), &own);
    sqlite3_exec(own, "PRAGMA journal_mode = WAL; DELETE FROM t WHERE id = 1", nullptr, nullptr,
                 nullptr);
    sqlite3_close(left);
    CHECK(fs::exists(path + "-wal"));
    CHECK(run_on(path, "SELECT count(*) FROM t") == "2");
    sqlite3_close(own);
    CHECK(run_on(path, "SELECT count(*) FROM t") == "2");
}

TEST_CASE_FIXTURE(scratch_files, "a test that closes all descriptors loses nobody a file") {
    next();
    const std::string path = next();
    for (int number = 3; number < 200; ++number) {
        ::close(number);
    }
    // What has these numbers now must not be closed, and nothing be removed from it.
    const std::string other = temporary / "other";
    fs::create_directory(other);
    std::ofstream(other + "/file") << "of the user";
    std::vector<int> opened;
    for (int i = 0; i < 100; ++i) {
        opened.push_back(::open(other.c_str(), O_RDONLY | O_DIRECTORY));
    }
    write_byte(path, 9000);
    check_pristine(*this, next());
    CHECK(fs::exists(other + "/file"));
    for (const int number : opened) {
        CHECK(::close(number) == 0);
    }
}

TEST_CASE_FIXTURE(scratch_files, "a database of the same engine has its file beside it") {
    const std::string path = next();
    const std::string other = again("shop.prices");
    CHECK(other == directory_of(path) + "/shop.prices.db");
    CHECK(run_on(path, "ATTACH '" + other + "' AS o; SELECT count(*) FROM o.t") == "3");
    run_on(other, "DELETE FROM t");
    CHECK(next() == path);
    CHECK(names_in(directory_of(path)) == std::vector<std::string>{"shop.db", "shop.prices.db"});
    CHECK((bytes_of(other) == seeded));
    CHECK(again("shop.prices") == other);
}

TEST_CASE_FIXTURE(scratch_files, "databases whose names no file can have get files of their own") {
    CHECK(fs::path(next("a/b c")).filename() == "a-b-c.db");
    CHECK(fs::path(again("a b/c")).filename() == "a-b-c-2.db");
    CHECK(fs::path(again("a/b c")).filename() == "a-b-c.db");
}

TEST_CASE_FIXTURE(scratch_files, "a file follows what its database has when a session begins") {
    const std::string path = next();
    const auto image = content;
    auto& page = content.pages[1];
    page.fill(std::byte{7});
    content.size += isolite::store::page_size; // zeros
    CHECK(next() == path);
    std::string expected = seeded + std::string(isolite::store::page_size, '\0');
    expected.replace(isolite::store::page_size, isolite::store::page_size,
                     isolite::store::page_size, '\7');
    CHECK((bytes_of(path) == expected));
    content = image;
    next();
    check_pristine(*this, path);
}

TEST_CASE_FIXTURE(scratch_files, "a part of a page and holes are written as they are") {
    const std::string body(5 * isolite::store::page_size + 512, 'b');
    const auto* const first = reinterpret_cast<const std::byte*>(body.data());
    auto bytes = std::make_shared<std::vector<std::byte>>(first, first + body.size());
    bytes->resize(6 * isolite::store::page_size);
    content.base = std::make_shared<const isolite::store::image>(
        bytes->data(), body.size(), bytes, std::vector<isolite::store::image::hole>{{2, 4}});
    content.base_pages = 6;
    content.size = body.size();
    seeded = body;
    seeded.replace(2 * isolite::store::page_size, 2 * isolite::store::page_size,
                   2 * isolite::store::page_size, '\0');
    check_pristine(*this, next());
    fs::resize_file(again(), 100);
    check_pristine(*this, next());
    write_byte(again(), 3 * isolite::store::page_size);
    check_pristine(*this, next());
    content.base_pages = 1; // what lies behind them does not count
    seeded.replace(isolite::store::page_size, std::string::npos,
                   seeded.size() - isolite::store::page_size, '\0');
    check_pristine(*this, next());
}
