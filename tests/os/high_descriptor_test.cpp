#include "../sandbox/in_child.hpp"
#include "os/high_descriptor.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using isolite::os::high_descriptor;

namespace {

void limit_descriptors(rlim_t most) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = most;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// Returns the number that a process with this limit gets, or the error.
std::string number_below(rlim_t most) {
    return in_child([=] {
        limit_descriptors(most);
        const auto file = high_descriptor::open("test");
        return file ? std::to_string(file->number()) : file.error().text();
    });
}

bool is_open(int file) {
    return ::fcntl(file, F_GETFD) >= 0;
}

const char* const too_many =
    "cannot start workers: making a file in memory failed: Too many open files\n"
    "  hint: raise the limit of open files, e.g. with `ulimit -n`, or give --workers=0";

} // namespace

TEST_CASE("a high descriptor has a number that tests do not meet") {
    CHECK(number_below(1024) == "512");
    CHECK(number_below(1000) == "500");
    CHECK(number_below(64) == "32");
}

TEST_CASE("a high descriptor survives a test that closes those from 0 to 20") {
    const pid_t child = ::fork();
    if (child == 0) {
        const auto file = high_descriptor::open("test");
        for (int number = 0; number <= 20; ++number) {
            ::close(number);
        }
        ::_exit(file && ::write(file->number(), "text", 4) == 4 ? 0 : 1);
    }
    int status = -1;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
}

TEST_CASE("a high descriptor is closed at an exec, and appends") {
    const auto file = high_descriptor::open("test");
    REQUIRE(file);
    CHECK(::fcntl(file->number(), F_GETFD) == FD_CLOEXEC);
    CHECK((::fcntl(file->number(), F_GETFL) & O_APPEND) != 0);
    char byte = 0;
    CHECK(::write(file->number(), "a", 1) == 1);
    CHECK(::lseek(file->number(), 0, SEEK_SET) == 0);
    CHECK(::write(file->number(), "b", 1) == 1);
    CHECK(::pread(file->number(), &byte, 1, 0) == 1);
    CHECK(byte == 'a');
}

TEST_CASE("a high descriptor is closed once, by the last object that has it") {
    std::optional<high_descriptor> last;
    int first_number = -1;
    int second_number = -1;
    {
        auto first = high_descriptor::open("test");
        auto second = high_descriptor::open("test");
        REQUIRE(first);
        REQUIRE(second);
        first_number = first->number();
        second_number = second->number();
        CHECK(first_number != second_number);
        high_descriptor moved = *std::move(first);
        CHECK(moved.number() == first_number);
        *second = std::move(moved);
        CHECK(second->number() == first_number);
        last.emplace(*std::move(second));
    }
    CHECK_FALSE(is_open(second_number)); // what was assigned to has given it away
    CHECK(is_open(first_number));
    last.reset();
    CHECK_FALSE(is_open(first_number));
}

TEST_CASE("a limit of open files that is too small is an error with a way out") {
    CHECK(number_below(0) == too_many);
    CHECK(number_below(3) == too_many);
}

TEST_CASE("a high descriptor that cannot be had leaves nothing open") {
    const std::string seen = in_child([]() -> std::string {
        limit_descriptors(64);
        const int low = ::dup(STDERR_FILENO);
        while (::dup(STDERR_FILENO) >= 0) {
        }
        ::close(low);
        const auto file = high_descriptor::open("test");
        const bool is_free = ::dup(STDERR_FILENO) == low;
        return (file ? "opened" : file.error().text()) + (is_free ? ", free" : ", leaked");
    });
    CHECK(seen == std::string(too_many) + ", free");
}
