#include "../sandbox/in_child.hpp"
#include "os/own_process.hpp"
#include "scratch_files.hpp"
#include "worker/process_exit.hpp"

#include <csignal>
#include <functional>
#include <map>

#include <sys/resource.h>
#include <sys/stat.h>

namespace {

namespace fs = std::filesystem;
using isolite::paths::place_of_real_files;
using isolite::workers::environment;

struct place_fixture : scratch_files {
    std::string place =
        temporary / ("isolite-" + std::to_string(isolite::os::own_user())) + "/real-files";

    /// Returns what is there that no process of this test has made itself.
    std::vector<std::string> left() {
        auto names = fs::exists(place) ? names_in(place) : std::vector<std::string>();
        const std::string own = std::to_string(::getpid()) + "-";
        names.erase(std::remove_if(names.begin(), names.end(),
                                   [&](const auto& each) { return each.rfind(own, 0) == 0; }),
                    names.end());
        return names;
    }

    /// Runs a process that asks for a file, and then ends somehow.
    void process(const std::function<void()>& end) {
        std::fflush(nullptr);
        const pid_t child = ::fork();
        if (child == 0) {
            next();
            end();
            ::_exit(1);
        }
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
    }

    std::string failure() {
        const auto path = files.path_of("shop", ++session);
        return path ? "made" : path.error().text();
    }
};

environment given(const std::map<std::string, std::string>& variables) {
    return environment(variables);
}

const std::string task = "cannot make a real file of a database: ";

} // namespace

TEST_CASE_FIXTURE(place_fixture, "nothing is made before anybody asks") {
    CHECK_FALSE(fs::exists(place));
}

TEST_CASE_FIXTURE(place_fixture, "the files are gone when their engine is") {
    std::string path;
    {
        isolite::paths::real_files files([this](const std::string& /*name*/) { return content; });
        path = *files.path_of("shop", 1);
        CHECK(fs::exists(path));
        std::ofstream(path + "-wal") << "left";
    }
    CHECK_FALSE(fs::exists(fs::path(path).parent_path()));
}

TEST_CASE_FIXTURE(place_fixture, "the files are gone when their process has ended, in whatever way "
                                 "it ends by itself") {
    process([] { std::exit(0); });
    CHECK(left().empty());
    process([] { isolite::workers::leave_process(0); });
    CHECK(left().empty());
}

TEST_CASE_FIXTURE(place_fixture, "what a killed process left is removed by the next one that makes "
                                 "one, or by the next run") {
    process([] { ::raise(SIGKILL); });
    CHECK(left().size() == 1);
    CHECK(in_child([this] {
              next();
              return std::to_string(left().size());
          }) == "0");
    process([] { ::raise(SIGKILL); });
    CHECK(left().size() == 1);
    isolite::paths::remove_left_real_files();
    CHECK(left().empty());
}

TEST_CASE_FIXTURE(place_fixture, "what a living process has is not removed") {
    const std::string path = next();
    const std::string unlocked = place + "/" + std::to_string(::getpid()) + "-unlocked";
    fs::create_directory(unlocked); // a test that closes all descriptors unlocks its own
    in_child([this] {
        isolite::paths::remove_left_real_files();
        return next();
    });
    CHECK(fs::exists(path));
    CHECK(fs::exists(unlocked));
    fs::remove(unlocked);
    isolite::paths::remove_left_real_files();
    CHECK(fs::exists(path));
    // Its number may mean nothing here: a container may share the directory.
    const auto own =
        isolite::os::private_directory::open(place + "/999999999-1", isolite::paths::making_files);
    const auto lock = own->locked_shared();
    fs::create_directory(place + "/of somebody else");
    isolite::paths::remove_left_real_files();
    CHECK(names_in(place).size() == 3);
}

TEST_CASE_FIXTURE(place_fixture, "a forked process has files of its own, and leaves those of its "
                                 "parent") {
    const std::string path = next();
    const std::string other = in_child([this] {
        std::string own = next();
        run_on(own, "DELETE FROM t");
        return own;
    });
    CHECK(other != path);
    CHECK((bytes_of(path) == seeded));
    CHECK(fs::exists(path));
    // But in the session in which it was forked it is a part of the same test.
    CHECK(in_child([this] { return again(); }) == path);
}

TEST_CASE_FIXTURE(place_fixture, "a name that is taken is passed over") {
    fs::create_directories(place);
    fs::permissions(place, fs::perms::owner_all);
    fs::permissions(fs::path(place).parent_path(), fs::perms::owner_all);
    const std::string own = place + "/" + std::to_string(::getpid()) + "-";
    for (int number = 1; number < 50; ++number) {
        std::ofstream(own + std::to_string(number)) << "somebody's";
    }
    CHECK(fs::exists(next()));
}

TEST_CASE(
    "files go to TMPDIR where it is set, else into memory where there is room, else to /tmp") {
    const std::string own = "/isolite-" + std::to_string(isolite::os::own_user()) + "/real-files";
    CHECK(*place_of_real_files(given({{"TMPDIR", "/somewhere"}}), 1) == "/somewhere" + own);
    constexpr std::uint64_t too_large = std::uint64_t{1} << 60U;
    CHECK(*place_of_real_files(given({}), too_large) == "/tmp" + own);
    if (fs::exists("/dev/shm")) {
        CHECK(*place_of_real_files(given({}), 1) == "/dev/shm" + own);
    }
    CHECK(place_of_real_files(given({{"TMPDIR", "here"}}), 1).error().text() ==
          task + "TMPDIR is \"here\", not an absolute path\n  hint: write a path that begins with "
                 "/");
}

TEST_CASE_FIXTURE(place_fixture, "a directory that cannot be made is named") {
    std::ofstream(temporary / "file").close();
    ::setenv("TMPDIR", (temporary / "file").c_str(), 1);
    CHECK(failure() == task + "opening the directory " + (temporary / "file") + "/isolite-" +
                           std::to_string(isolite::os::own_user()) +
                           " failed: Not a directory\n  hint: name another directory in TMPDIR if "
                           "this one cannot be used");
    ::setenv("TMPDIR", temporary.path().c_str(), 1);
    CHECK(failure() == "made");
}

TEST_CASE_FIXTURE(place_fixture, "a directory of others is refused") {
    fs::create_directories(place);
    REQUIRE(::chmod(place.c_str(), 0777) == 0);
    REQUIRE(::chmod(fs::path(place).parent_path().c_str(), 0700) == 0);
    CHECK(failure() == task + place +
                           " may be written by other users\n  hint: name a directory of your own "
                           "in TMPDIR, e.g. a new one, which isolite will make");
}

TEST_CASE_FIXTURE(place_fixture, "a file for which there is no room says so, and is gone") {
    const std::string text = in_child([this] {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit least = {8192, 8192};
        ::setrlimit(RLIMIT_FSIZE, &least);
        std::string said = failure() + "\n";
        for (const auto& each : fs::recursive_directory_iterator(place)) {
            said += each.path().filename().string() + " is left";
        }
        return said;
    });
    const std::size_t number = text.find("/shop.db");
    REQUIRE(number != std::string::npos);
    CHECK(text.substr(0, text.find(place)) == task + "writing ");
    CHECK(text.substr(number) == "/shop.db failed: File too large\n  hint: raise the limit of file "
                                 "sizes, e.g. with `ulimit -f`\n");
}
