#include "ledger/record_file.hpp"

#include "../worker/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <vector>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using isolite::records::record_file;

namespace {

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

record_file made_in(const temporary_directory& directory) {
    return record_file::create(directory.path(), "w0-1").value();
}

/// A line of a certain size that says which one it is.
std::string line(std::size_t number, std::size_t size = 100) {
    std::string text = std::to_string(number) + " ";
    text.resize(size - 1, 'x');
    return text + "\n";
}

/// Says how many lines there are that were written whole, and that nothing else but at most one
/// line cut short is between them and the newlines at the end.
std::size_t whole_lines(const std::string& path) {
    std::istringstream lines(content_of(path));
    std::size_t count = 0;
    bool cut = false;
    for (std::string text; std::getline(lines, text);) {
        if (text.empty()) {
            continue;
        }
        REQUIRE_FALSE(cut); // only the last one may be
        if (text + "\n" == line(count)) {
            ++count;
        } else {
            cut = true;
        }
    }
    return count;
}

/// Runs something in a child. Returns its wait status.
int in_child(const std::function<void()>& body) {
    const pid_t child = ::fork();
    if (child == 0) {
        body();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

} // namespace

TEST_CASE("what is appended is in the file at once, and newlines behind it") {
    const temporary_directory directory;
    record_file file = made_in(directory);
    CHECK(file.path() == directory / "w0-1.jsonl");
    REQUIRE(file.append("one\n"));
    REQUIRE(file.append("two\n"));
    const std::string content = content_of(file.path());
    CHECK(content.substr(0, 8) == "one\ntwo\n");
    CHECK(content.find_first_not_of('\n', 8) == std::string::npos);
    CHECK(content.size() > 8);
}

TEST_CASE("only the owner may read the file") {
    const temporary_directory directory;
    const record_file file = made_in(directory);
    CHECK((std::filesystem::status(file.path()).permissions() ==
           (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)));
}

TEST_CASE("a trimmed file has its lines only, and takes more") {
    const temporary_directory directory;
    record_file file = made_in(directory);
    REQUIRE(file.append("one\n"));
    file.trim();
    CHECK(content_of(file.path()) == "one\n");
    REQUIRE(file.append("two\n"));
    file.trim();
    file.trim();
    CHECK(content_of(file.path()) == "one\ntwo\n");
}

TEST_CASE("lines cross the pieces in which the file grows") {
    const temporary_directory directory;
    record_file file = made_in(directory);
    constexpr std::size_t count = 5000;
    std::string all;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string text = line(i, 20 + i % 300);
        all += text;
        REQUIRE(file.append(text));
    }
    const std::string long_line(300'000, 'x');
    REQUIRE(file.append(long_line + "\n"));
    file.trim();
    CHECK(content_of(file.path()) == all + long_line + "\n");
}

TEST_CASE("a name that is taken gets a number") {
    const temporary_directory directory;
    const record_file first = made_in(directory);
    CHECK(made_in(directory).path() == directory / "w0-1-2.jsonl");
    CHECK(made_in(directory).path() == directory / "w0-1-3.jsonl");
}

TEST_CASE("SIGKILL after any line loses none of those before it") {
    const temporary_directory directory;
    for (const std::size_t count : {1, 2, 655, 656, 657, 2000}) {
        const int status = in_child([&] {
            record_file file = made_in(directory);
            for (std::size_t i = 0; i < count; ++i) {
                static_cast<void>(file.append(line(i)));
            }
            ::raise(SIGKILL);
        });
        CHECK(WIFSIGNALED(status));
        CHECK(whole_lines(directory / "w0-1.jsonl") == count);
        std::filesystem::remove(directory / "w0-1.jsonl");
    }
}

TEST_CASE("SIGKILL at any moment loses at most the line that was being written") {
    const temporary_directory directory;
    for (unsigned round = 0; round < 100; ++round) {
        int told[2];
        REQUIRE(::pipe(told) == 0);
        const pid_t child = ::fork();
        if (child == 0) {
            record_file file = made_in(directory);
            for (std::size_t i = 0;; ++i) {
                static_cast<void>(file.append(line(i)));
                if (i % 64 == 0) { // tells how far it has come, after it has
                    static_cast<void>(!::write(told[1], &i, sizeof i));
                }
            }
        }
        ::close(told[1]);
        std::size_t reached = 0;
        for (unsigned i = 0; i <= round; ++i) { // so that it is killed at another line each time
            REQUIRE(::read(told[0], &reached, sizeof reached) == sizeof reached);
        }
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        while (::read(told[0], &reached, sizeof reached) == sizeof reached) {
        }
        ::close(told[0]);
        CHECK(whole_lines(directory / "w0-1.jsonl") > reached);
        std::filesystem::remove(directory / "w0-1.jsonl");
    }
}

TEST_CASE("closing all descriptors does not end a file") {
    const temporary_directory directory;
    in_child([&] {
        record_file file = made_in(directory);
        static_cast<void>(file.append(line(0)));
        ::closefrom(0);
        for (std::size_t i = 1; i < 2000; ++i) {
            static_cast<void>(file.append(line(i)));
        }
    });
    CHECK(whole_lines(directory / "w0-1.jsonl") == 2000);
}

TEST_CASE("a directory that is not there is an error") {
    const auto made = record_file::create("/nowhere", "w0-1");
    REQUIRE_FALSE(made);
    CHECK(made.error().message == "keep records of what fixtures cost: making "
                                  "/nowhere/w0-1.jsonl failed: No such file or directory");
}

TEST_CASE("a file that vanished or was replaced is not written any more") {
    const temporary_directory directory;
    record_file file = made_in(directory);
    std::filesystem::remove(file.path());
    auto kept = file.append("one\n");
    REQUIRE_FALSE(kept);
    CHECK(kept.error().message == "keep records of what fixtures cost: opening " + file.path() +
                                      " failed: No such file or directory");
    record_file other = made_in(directory);
    std::ofstream(directory / "other") << "somebody else's\n";
    std::filesystem::rename(directory / "other", other.path());
    file = std::move(other);
    kept = file.append("one\n");
    REQUIRE_FALSE(kept);
    CHECK(kept.error().message == "keep records of what fixtures cost: opening " + file.path() +
                                      " failed: Stale file handle");
    CHECK(content_of(file.path()) == "somebody else's\n");
}

TEST_CASE("where nothing more can be written, the file ends with the last whole line") {
    const temporary_directory directory;
    in_child([&] {
        constexpr rlim_t most = 200'000;
        const rlimit limit{most, most};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        record_file file = made_in(directory);
        std::size_t i = 0;
        auto kept = file.append(line(i));
        while (kept) {
            kept = file.append(line(++i));
        }
        std::ofstream(directory / "why") << kept.error().text();
    });
    CHECK(content_of(directory / "why")
              .find("cannot keep records of what fixtures cost: writing " +
                    (directory / "w0-1.jsonl") + " failed: File too large") != std::string::npos);
    const std::string content = content_of(directory / "w0-1.jsonl");
    CHECK(content.size() % 100 == 0);
    CHECK(whole_lines(directory / "w0-1.jsonl") * 100 == content.size());
    CHECK(content.size() > 100'000);
}

TEST_CASE("a mask that forbids all does not keep a process from its own file") {
    const temporary_directory directory;
    const int status = in_child([&] {
        constexpr uid_t nobody = 65534;
        if (::geteuid() == 0 && (::chown(directory.path().c_str(), nobody, nobody) != 0 ||
                                 ::seteuid(nobody) != 0)) { // nothing keeps root out
            ::_exit(2);
        }
        ::umask(S_IRWXU | S_IRWXG | S_IRWXO);
        record_file file = made_in(directory);
        ::_exit(file.append(line(0)) ? 0 : 1);
    });
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a file has 64 MiB at most") {
    const temporary_directory directory;
    record_file file = made_in(directory);
    const std::string megabyte = std::string((1U << 20) - 1, 'x') + "\n";
    for (int i = 0; i < 64; ++i) {
        REQUIRE(file.append(megabyte));
    }
    const auto kept = file.append("one more\n");
    REQUIRE_FALSE(kept);
    CHECK(kept.error().message ==
          "keep records of what fixtures cost: " + file.path() + " has 64 MiB");
    CHECK(kept.error().hint ==
          "nothing is wrong with the tests; what follows is not in `isolite report`");
}
