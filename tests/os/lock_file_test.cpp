#include "../worker/child_process.hpp"
#include "../worker/temporary_directory.hpp"
#include "os/lock_file.hpp"

#include <atomic>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using isolite::errc;
using isolite::os::lock_file;

namespace {

constexpr isolite::os::purpose claiming_a_slot = {"claim a worker slot", "ISOLITE_RUNTIME_DIR"};

/// Says what another process finds: "free", "held" or an error.
std::string seen_by_another_process(const std::string& path) {
    return child_process::fork([&]() -> std::string {
               auto file = lock_file::open(path, claiming_a_slot);
               if (!file) {
                   return file.error().text();
               }
               const auto locked = file->try_lock();
               return !locked ? locked.error().text() : *locked ? "free" : "held";
           })
        .read_all();
}

std::string failure_to_open(const std::string& path) {
    const auto file = lock_file::open(path, claiming_a_slot);
    return file ? "opened" : file.error().text();
}

} // namespace

TEST_CASE("a lock file keeps other processes out until it is closed") {
    const temporary_directory directory;
    const std::string path = directory / "lock";
    {
        auto file = lock_file::open(path, claiming_a_slot);
        REQUIRE(file.has_value());
        CHECK(seen_by_another_process(path) == "free");
        REQUIRE(file->try_lock().value());
        CHECK(seen_by_another_process(path) == "held");
        const auto moved = *std::move(file);
        CHECK(seen_by_another_process(path) == "held");
    }
    CHECK(seen_by_another_process(path) == "free");
}

TEST_CASE("a lock file that its last holder is just removing is made anew") {
    const temporary_directory directory;
    const std::string path = directory / "lock";
    std::atomic<bool> done = false;
    std::thread remover([&] {
        while (!done) {
            ::unlink(path.c_str());
        }
    });
    std::string failure;
    for (int round = 0; round < 1000 && failure.empty(); ++round) {
        const auto file = lock_file::open(path, claiming_a_slot);
        failure = file ? "" : file.error().text();
    }
    done = true;
    remover.join();
    CHECK(failure == "");
}

TEST_CASE("a process that is killed gives its lock up") {
    const temporary_directory directory;
    const std::string path = directory / "lock";
    auto holder = child_process::fork([&]() -> std::string {
        auto file = lock_file::open(path, claiming_a_slot);
        const bool locked = file && file->try_lock().value_or(false);
        static_cast<void>(::write(STDOUT_FILENO, locked ? "held\n" : "free\n", 5));
        char byte = 0;
        static_cast<void>(::read(STDIN_FILENO, &byte, 1));
        return "";
    });
    REQUIRE(holder.read_line() == "held");
    CHECK(seen_by_another_process(path) == "held");
    holder.kill();
    CHECK(seen_by_another_process(path) == "free");
}

TEST_CASE("opening a file twice in one process is refused, and the lock survives it") {
    const temporary_directory directory;
    const std::string path = directory / "lock";
    auto file = lock_file::open(path, claiming_a_slot);
    REQUIRE(file->try_lock().value());
    const auto again = lock_file::open(path, claiming_a_slot);
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().code == errc::internal);
    CHECK(again.error().text() == "cannot claim a worker slot: this process has the lock file " +
                                      path + " open already\n  hint: please report it");
    CHECK(seen_by_another_process(path) == "held");
}

TEST_CASE("a process knows which lock files it has open, by whatever path, and a child has none") {
    const temporary_directory directory;
    const std::string path = directory / "lock";
    CHECK_FALSE(lock_file::is_open_here(path));
    std::ofstream(path).close();
    CHECK_FALSE(lock_file::is_open_here(path));
    {
        const auto file = lock_file::open(path, claiming_a_slot);
        REQUIRE(file.has_value());
        std::filesystem::create_hard_link(path, directory / "link");
        CHECK(lock_file::is_open_here(path));
        CHECK(lock_file::is_open_here(directory / "link"));
        CHECK_FALSE(lock_file::is_open_here(directory / "other"));
        CHECK(child_process::fork([&]() -> std::string {
                  return lock_file::is_open_here(path) ? "open" : "not open";
              }).read_all() == "not open");
        std::filesystem::remove(path);
        std::ofstream(path).close();
        CHECK_FALSE(lock_file::is_open_here(path)); // another file
        CHECK(lock_file::is_open_here(directory / "link"));
    }
    CHECK_FALSE(lock_file::is_open_here(directory / "link"));
}

TEST_CASE("a forked child that drops its copy does not drop the lock of its parent") {
    const temporary_directory directory;
    const std::string path = directory / "lock";
    auto file = lock_file::open(path, claiming_a_slot);
    REQUIRE(file->try_lock().value());
    child_process::fork([&]() -> std::string {
        const auto dropped = *std::move(file);
        return "";
    }).read_all();
    CHECK(seen_by_another_process(path) == "held");
}

TEST_CASE("a lock file is private, and its descriptor for creating it is gone") {
    const temporary_directory directory;
    const auto file = lock_file::open(directory / "lock", claiming_a_slot);
    REQUIRE(file.has_value());
    struct stat status {};
    REQUIRE(::stat((directory / "lock").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    std::size_t descriptors = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code ignored;
        descriptors +=
            std::filesystem::read_symlink(entry, ignored) == directory / "lock" ? 1U : 0U;
    }
    CHECK(descriptors == 1);
}

TEST_CASE("a file that was replaced meanwhile is not at its path") {
    const temporary_directory directory;
    const auto file = lock_file::open(directory / "lock", claiming_a_slot);
    CHECK(file->is_at_its_path());
    std::filesystem::remove(directory / "lock");
    CHECK_FALSE(file->is_at_its_path());
    std::ofstream(directory / "lock").close();
    CHECK_FALSE(file->is_at_its_path());
}

TEST_CASE("waiting for a lock ends when its holder ends") {
    const temporary_directory directory;
    const std::string path = directory / "lock";
    auto file = lock_file::open(path, claiming_a_slot);
    REQUIRE(file->try_lock().value());
    auto waiter = child_process::fork([&]() -> std::string {
        auto wanted = lock_file::open(path, claiming_a_slot);
        static_cast<void>(::write(STDOUT_FILENO, "waiting\n", 8));
        return wanted->lock_within(std::chrono::seconds(60)) ? "got it" : "gave up";
    });
    REQUIRE(waiter.read_line() == "waiting");
    file = tl::unexpected(isolite::error{});
    CHECK(waiter.read_all() == "got it");
}

TEST_CASE("waiting for a lock that is never given up ends with an error") {
    const temporary_directory directory;
    const std::string path = directory / "lock";
    auto file = lock_file::open(path, claiming_a_slot);
    REQUIRE(file->try_lock().value());
    const std::string seen = child_process::fork([&]() -> std::string {
                                 auto wanted = lock_file::open(path, claiming_a_slot);
                                 const auto locked =
                                     wanted->lock_within(std::chrono::milliseconds(5));
                                 return locked ? "got it" : locked.error().text();
                             }).read_all();
    CHECK(seen == "cannot claim a worker slot: another process held the lock file " + path +
                      " for 5 ms\n  hint: it is probably stopped, e.g. in a debugger; `fuser " +
                      path + "` names it");
}

TEST_CASE("what is not a regular file is not opened as a lock file") {
    const temporary_directory directory;
    std::filesystem::create_directory(directory / "directory");
    std::ofstream(directory / "target").close();
    std::filesystem::create_symlink(directory / "target", directory / "link");
    REQUIRE(::mkfifo((directory / "fifo").c_str(), 0600) == 0);
    for (const char* const name : {"directory", "link", "fifo"}) {
        CHECK(failure_to_open(directory / name) ==
              "cannot claim a worker slot: " + (directory / name) +
                  " is not a regular file\n  hint: something else stands where isolite keeps a "
                  "lock file: delete it");
    }
}

TEST_CASE("a dangling symbolic link is not followed to make a lock file") {
    const temporary_directory directory;
    std::filesystem::create_symlink(directory / "target", directory / "link");
    CHECK(failure_to_open(directory / "link") != "opened");
    CHECK_FALSE(std::filesystem::exists(directory / "target"));
}

TEST_CASE("a lock file that this user may not open is an error, unless the user is root") {
    const temporary_directory directory;
    std::ofstream(directory / "lock").close();
    std::filesystem::permissions(directory / "lock", std::filesystem::perms::none);
    CHECK(failure_to_open(directory / "lock") ==
          (::geteuid() == 0
               ? "opened"
               : "cannot claim a worker slot: opening the lock file " + (directory / "lock") +
                     " failed: Permission denied\n  hint: make it writable for this user, or name "
                     "another directory in ISOLITE_RUNTIME_DIR"));
}

std::string failure_text(const char* action, int cause) {
    return isolite::os::system_error(claiming_a_slot, action, cause).text();
}

TEST_CASE("what the system refuses is an error with the path and a way out") {
    CHECK(failure_to_open("/nowhere/lock") ==
          "cannot claim a worker slot: making the lock file /nowhere/lock failed: No such file or "
          "directory\n  hint: name another directory in ISOLITE_RUNTIME_DIR if this one cannot be "
          "used");
    CHECK(isolite::os::system_error(claiming_a_slot, "opening the lock file /x", ENOSPC).text() ==
          "cannot claim a worker slot: opening the lock file /x failed: No space left on device\n"
          "  hint: free space there, or name another directory in ISOLITE_RUNTIME_DIR");
    CHECK(isolite::os::system_error(claiming_a_slot, "opening the lock file /x", EACCES).text() ==
          "cannot claim a worker slot: opening the lock file /x failed: Permission denied\n  hint: "
          "make it writable for this user, or name another directory in ISOLITE_RUNTIME_DIR");
    CHECK(failure_text("locking the file /x", ENOLCK) ==
          "cannot claim a worker slot: locking the file /x failed: No locks available\n  hint: the "
          "file system has no locks: name a local directory in ISOLITE_RUNTIME_DIR");
}
