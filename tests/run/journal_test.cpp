#include "../sandbox/in_child.hpp"
#include "run/journal.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using isolite::results::event;
using isolite::run::journal;

namespace {

using entry = std::pair<int, std::string>;
using entries = std::vector<entry>;

journal opened() {
    auto made = journal::open();
    REQUIRE(made);
    return *std::move(made);
}

entries read(const journal& from) {
    entries found;
    for (event& each : from.read()) {
        found.emplace_back(each.kind, std::move(each.value));
    }
    return found;
}

/// Appends all of them, and says whether each could be written.
bool append(const journal& to, const entries& wanted) {
    bool appended = true;
    for (const auto& [kind, value] : wanted) {
        appended = to.append({{static_cast<std::uint8_t>(kind), value}}) && appended;
    }
    return appended;
}

/// Returns the descriptor of the only journal that this process has.
int descriptor() {
    for (const auto& each : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code closed;
        if (std::filesystem::read_symlink(each, closed) == "/memfd:isolite-journal (deleted)") {
            return std::stoi(each.path().filename());
        }
    }
    return -1;
}

off_t size_of(int file) {
    struct stat status {};
    return ::fstat(file, &status) == 0 ? status.st_size : -1;
}

} // namespace

TEST_CASE("a journal returns what was appended, in order") {
    const journal kept = opened();
    CHECK(read(kept).empty());
    const entries wanted = {{1, "one"}, {0, ""}, {255, "three"}};
    REQUIRE(append(kept, wanted));
    CHECK(read(kept) == wanted);
    CHECK(read(kept) == wanted);
}

TEST_CASE("a journal keeps empty values, NUL bytes and megabytes apart") {
    const journal kept = opened();
    std::string megabytes(8 << 20, '\0');
    for (std::size_t i = 0; i < megabytes.size(); ++i) {
        megabytes[i] = static_cast<char>(i % 251);
    }
    const entries wanted = {{1, ""},
                            {2, std::string("\0a\0", 3)},
                            {3, std::string(9, '\0')},
                            {4, megabytes},
                            {5, megabytes},
                            {6, "after"}};
    REQUIRE(append(kept, wanted));
    CHECK((read(kept) == wanted)); // not worth printing
}

TEST_CASE("a journal that was cleared begins anew") {
    const journal kept = opened();
    REQUIRE(append(kept, {{1, "old"}}));
    kept.clear();
    CHECK(read(kept).empty());
    REQUIRE(append(kept, {{2, "new"}}));
    CHECK(read(kept) == entries{{2, "new"}});
}

TEST_CASE("an entry that a kill cut off is left out, wherever it was cut") {
    const journal kept = opened();
    REQUIRE(append(kept, {{1, "whole"}}));
    const off_t whole = size_of(descriptor());
    REQUIRE(append(kept, {{2, "cut off"}}));
    for (off_t size = size_of(descriptor()) - 1; size >= whole; --size) {
        CAPTURE(size);
        REQUIRE(::ftruncate(descriptor(), size) == 0);
        CHECK(read(kept) == entries{{1, "whole"}});
    }
    REQUIRE(::ftruncate(descriptor(), whole - 1) == 0);
    CHECK(read(kept).empty());
}

TEST_CASE("what a child appended outlives its SIGKILL in the middle of an append") {
    const journal kept = opened();
    constexpr int most = 64;
    const std::string megabyte(1 << 20, 'x');
    const pid_t child = ::fork();
    if (child == 0) {
        for (int i = 0; i < most; ++i) {
            static_cast<void>(kept.append({{1, megabyte + std::to_string(100 + i)}}));
        }
        for (;;) {
            ::pause();
        }
    }
    constexpr off_t size_of_entry = 8 + 1 + (1 << 20) + 3;
    const int file = descriptor();
    for (off_t size = 0; size < most * size_of_entry; size = size_of(file)) {
        if (size > 3 * size_of_entry && size % size_of_entry > 0) {
            break;
        }
    }
    ::kill(child, SIGKILL);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    const auto found = kept.read();
    CHECK(found.size() == static_cast<std::size_t>(size_of(file) / size_of_entry));
    CHECK(found.size() >= 3);
    for (std::size_t i = 0; i < found.size(); ++i) {
        CHECK((found[i].value == megabyte + std::to_string(100 + i)));
    }
}

TEST_CASE("a journal whose descriptor a test closed says that it cannot be written") {
    const std::string seen = in_child([]() -> std::string {
        const journal kept = opened();
        ::close(descriptor());
        return std::string(kept.append({{1, "lost"}}) ? "written" : "refused") +
               (kept.read().empty() ? ", empty" : ", full");
    });
    CHECK(seen == "refused, empty");
}
