#include "ledger/run_directory.hpp"

#include "../worker/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

namespace files = std::filesystem;

namespace {

using variables = std::map<std::string, std::string>;

auto chosen(variables set) {
    return isolite::records::place_of_runs(isolite::workers::environment(std::move(set)));
}

void write(const std::string& path, std::uintmax_t bytes) {
    std::ofstream(path) << "{\"kind\":\"process\"}\n";
    files::resize_file(path, bytes);
}

/// Makes the directory of a run that is so many hours old.
std::string old_run(const std::string& runs, const std::string& name, int hours,
                    const std::string& file = "w0-999999999.jsonl", std::uintmax_t bytes = 19) {
    const std::string path = isolite::records::make_run_directory({runs}, name).value();
    write(path + "/" + file, bytes);
    files::last_write_time(path, files::file_time_type::clock::now() - std::chrono::hours(hours));
    return path;
}

} // namespace

TEST_CASE("records are kept in the project's part of the cache") {
    using place = isolite::records::runs_place;
    CHECK(**chosen({{"ISOLITE_CACHE", "/c"}}) == place{"/c", "/c/default", "/c/default/runs"});
    CHECK((**chosen({{"ISOLITE_CACHE", "/c"}, {"ISOLITE_PROJECT", "shop"}})).back() ==
          "/c/shop/runs");
    CHECK_FALSE(*chosen({{"ISOLITE_CACHE", "off"}}));
}

TEST_CASE("ISOLITE_LEDGER names another directory, also without a cache, or none") {
    CHECK(**chosen({{"ISOLITE_LEDGER", "/l"}, {"ISOLITE_CACHE", "off"}}) ==
          isolite::records::runs_place{"/l"});
    CHECK(**chosen({{"ISOLITE_LEDGER", "/l/m//"}}) == isolite::records::runs_place{"/l/m"});
    CHECK(**chosen({{"ISOLITE_LEDGER", "/"}}) == isolite::records::runs_place{"/"});
    CHECK_FALSE(*chosen({{"ISOLITE_LEDGER", "off"}, {"ISOLITE_CACHE", "/c"}}));
}

TEST_CASE("a relative ISOLITE_LEDGER is an error") {
    for (const char* const value : {"runs", "on", ""}) {
        const auto refused = chosen({{"ISOLITE_LEDGER", value}});
        REQUIRE_FALSE(refused);
        CHECK((refused.error().code == isolite::errc::environment));
        CHECK(refused.error().message == std::string("keep records of what fixtures cost: "
                                                     "ISOLITE_LEDGER is \"") +
                                             value + "\", neither off nor an absolute path");
    }
}

TEST_CASE("the directory of a run is made once, for its owner only, by a name that is its own") {
    const temporary_directory directory;
    const std::string runs = directory / "a/b/runs";
    const auto made = isolite::records::make_run_directory({runs}, "Nightly/7");
    REQUIRE(made);
    CHECK(*made == runs + "/_4eightly_2f7");
    CHECK((files::status(*made).permissions() == files::perms::owner_all));
    CHECK(*isolite::records::make_run_directory({runs}, "Nightly/7") == *made);
    CHECK(*isolite::records::make_run_directory({runs}, "nightly/7") != *made);
}

TEST_CASE("a directory that cannot be made is an error") {
    const temporary_directory directory;
    write(directory / "file", 1);
    const auto made = isolite::records::make_run_directory({directory / "file/runs"}, "a");
    REQUIRE_FALSE(made);
    CHECK(made.error().message == "keep records of what fixtures cost: opening the directory " +
                                      (directory / "file/runs") + " failed: Not a directory");
}

TEST_CASE("nothing is made in a directory that others may write to") {
    const temporary_directory directory;
    const std::string open = directory / "open";
    files::create_directory(open);
    ::chmod(open.c_str(), S_IRWXU | S_IRWXG | S_IRWXO);
    const auto made = isolite::records::make_run_directory({open, open + "/default"}, "a");
    REQUIRE_FALSE(made);
    CHECK(made.error().message ==
          "keep anything in the cache: " + open + " may be written by other users");
    CHECK(files::is_empty(open));
}

TEST_CASE("of more than 20 runs the oldest are removed") {
    const temporary_directory directory;
    for (int i = 0; i < 25; ++i) {
        old_run(directory.path(), "run-" + std::to_string(i), 100 - i);
    }
    static_cast<void>(isolite::records::make_run_directory({directory.path()}, "new"));
    CHECK(std::distance(files::directory_iterator(directory.path()), {}) == 20);
    CHECK(files::exists(directory / "new"));
    CHECK(files::exists(directory / "run-24"));
    CHECK(files::exists(directory / "run-6"));
    CHECK_FALSE(files::exists(directory / "run-5"));
}

TEST_CASE("of a backlog each start removes a few, the oldest first") {
    const temporary_directory directory;
    for (int i = 0; i < 50; ++i) {
        const std::string path = directory / ("run-" + std::to_string(i));
        files::create_directory(path);
        write(path + "/w0-999999999.jsonl", 19);
        files::last_write_time(path,
                               files::file_time_type::clock::now() - std::chrono::hours(100 - i));
    }
    for (const std::ptrdiff_t left : {42, 34, 26, 19, 19}) {
        static_cast<void>(isolite::records::make_run_directory({directory.path()},
                                                               "new-" + std::to_string(left)));
        files::remove_all(directory / ("new-" + std::to_string(left)));
        CHECK(std::distance(files::directory_iterator(directory.path()), {}) == left);
    }
    CHECK_FALSE(files::exists(directory / "run-30"));
    CHECK(files::exists(directory / "run-31"));
}

TEST_CASE("the oldest runs are removed that have more than 256 MiB together") {
    const temporary_directory directory;
    for (const int age : {1, 2, 3}) {
        old_run(directory.path(), "run-" + std::to_string(age), age, "w0-999999999.jsonl",
                100U << 20); // of holes
    }
    static_cast<void>(isolite::records::make_run_directory({directory.path()}, "new"));
    CHECK(files::exists(directory / "run-1"));
    CHECK(files::exists(directory / "run-2"));
    CHECK_FALSE(files::exists(directory / "run-3"));
}

TEST_CASE("a run in which a process lives is not removed") {
    const temporary_directory directory;
    const std::string used =
        old_run(directory.path(), "used", 1000, "w0-" + std::to_string(::getpid()) + ".jsonl");
    for (int i = 0; i < 25; ++i) {
        old_run(directory.path(), "run-" + std::to_string(i), 100 - i);
    }
    CHECK(files::exists(used));
}

TEST_CASE("a run whose processes have ended is removed, whoever has their numbers now") {
    const temporary_directory directory;
    const std::string file = "w0-" + std::to_string(::getpid()) + ".jsonl";
    const std::string ended = old_run(directory.path(), "ended", 1000);
    const std::string unfinished = old_run(directory.path(), "unfinished", 1000);
    std::ofstream(ended + "/" + file) << "{\"kind\":\"process\"}\n{\"kind\":\"end\",\"start\":7}\n";
    std::ofstream(unfinished + "/" + file)
        << "{\"kind\":\"process\"}\n{\"kind\":\"end\",\"start\":7}\n{\"kind\":\"begin\"}\n";
    for (const std::string& each : {ended, unfinished}) {
        files::last_write_time(each, files::file_time_type::clock::now() - std::chrono::hours(999));
    }
    for (int i = 0; i < 25; ++i) {
        old_run(directory.path(), "run-" + std::to_string(i), 100 - i);
    }
    CHECK_FALSE(files::exists(ended));
    CHECK(files::exists(unfinished));
}

TEST_CASE("who makes the directory of a run opens no file of the runs that stay") {
    const temporary_directory directory;
    const std::string old = old_run(directory.path(), "old", 1);
    const int watch = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    REQUIRE(::inotify_add_watch(watch, (old + "/w0-999999999.jsonl").c_str(), IN_OPEN) >= 0);
    static_cast<void>(isolite::records::make_run_directory({directory.path()}, "new"));
    inotify_event opened{};
    CHECK(::read(watch, &opened, sizeof opened) == -1);
    CHECK(errno == EAGAIN);
    ::close(watch);
}

TEST_CASE("a directory that holds anything but records is not removed") {
    const temporary_directory directory;
    const std::string photos = old_run(directory.path(), "photos", 1000, "summer.jpg");
    const std::string mixed = old_run(directory.path(), "mixed", 1000);
    write(mixed + "/notes", 1);
    const std::string lines = old_run(directory.path(), "lines", 1000, "other.jsonl");
    std::ofstream(lines + "/other.jsonl") << "{\"kind\":\"event\"}\n";
    const std::string empty = directory / "empty";
    files::create_directory(empty);
    for (const std::string& each : {photos, mixed, lines, empty}) {
        files::last_write_time(each, files::file_time_type::clock::now() - std::chrono::hours(999));
    }
    for (int i = 0; i < 25; ++i) {
        old_run(directory.path(), "run-" + std::to_string(i), 100 - i);
    }
    CHECK(files::exists(photos + "/summer.jpg"));
    CHECK(files::exists(mixed + "/w0-999999999.jsonl"));
    CHECK(files::exists(lines + "/other.jsonl"));
    CHECK(files::exists(empty));
    CHECK_FALSE(files::exists(directory / "run-0"));
}

TEST_CASE("a run of which a process was killed before it wrote anything is removed as others are") {
    const temporary_directory directory;
    const std::string old = old_run(directory.path(), "old", 1000);
    std::ofstream(old + "/w1-999999998.jsonl") << std::string(1000, '\n');
    std::ofstream(old + "/w2-999999997.jsonl").flush();
    files::last_write_time(old, files::file_time_type::clock::now() - std::chrono::hours(999));
    for (int i = 0; i < 25; ++i) {
        old_run(directory.path(), "run-" + std::to_string(i), 100 - i);
    }
    CHECK_FALSE(files::exists(old));
}

TEST_CASE("a run that was made just now is not removed, be they ever so many") {
    const temporary_directory directory;
    for (int i = 0; i < 50; ++i) {
        write(*isolite::records::make_run_directory({directory.path()}, std::to_string(i)) +
                  "/w0-999999999.jsonl",
              20U << 20); // of holes
    }
    CHECK(std::distance(files::directory_iterator(directory.path()), {}) == 50);
}

TEST_CASE("a link among the runs is neither followed nor removed") {
    const temporary_directory directory;
    const std::string elsewhere = directory / "elsewhere";
    files::create_directory(elsewhere);
    write(elsewhere + "/w0-999999999.jsonl", 300U << 20);
    files::create_directory(directory / "runs");
    ::chmod((directory / "runs").c_str(), S_IRWXU);
    files::create_directory_symlink(elsewhere, directory / "runs/link");
    old_run(directory / "runs", "old", 1);
    static_cast<void>(isolite::records::make_run_directory({directory / "runs"}, "new"));
    CHECK(files::exists(directory / "runs/old"));
    CHECK(files::exists(elsewhere + "/w0-999999999.jsonl"));
    CHECK(files::is_symlink(directory / "runs/link"));
}
