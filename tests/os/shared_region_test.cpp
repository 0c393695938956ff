#include "os/shared_region.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <optional>

#include <sys/wait.h>
#include <unistd.h>

using isolite::os::shared_region;

namespace {

constexpr std::size_t size = 32768; // as SQLite asks for

void put(std::byte* where, char what) {
    where[7] = static_cast<std::byte>(what);
}

char got(const std::byte* where) {
    return static_cast<char>(where[7]);
}

/// Returns what `body` returns in a child of this process.
template <typename Body>
int in_child(Body body) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(body());
    }
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

TEST_SUITE("shared_region") {
    TEST_CASE("a new region is all zeros") {
        const shared_region region(size);
        CHECK(std::memcmp(region.bytes(), region.bytes() + 1, size - 1) == 0);
        CHECK(region.bytes()[0] == std::byte{});
    }

    TEST_CASE("what is written through one view is seen through all, at addresses of their own") {
        shared_region region(size);
        const shared_region::view one(region);
        const shared_region::view other(region);
        put(one.bytes(), 'a');
        CHECK(one.bytes() != other.bytes());
        CHECK(got(other.bytes()) == 'a');
        CHECK(got(region.bytes()) == 'a');
    }

    TEST_CASE("a detached view keeps its address and what it showed") {
        shared_region region(size);
        shared_region::view cut(region);
        std::byte* const address = cut.bytes();
        put(cut.bytes(), 'a');
        cut.detach();
        CHECK(cut.bytes() == address);
        CHECK(got(address) == 'a');
    }

    TEST_CASE("a detached view and the others do not see each other's writes") {
        shared_region region(size);
        shared_region::view cut(region);
        const shared_region::view other(region);
        cut.detach();
        put(cut.bytes(), 'c');
        put(other.bytes(), 'o');
        CHECK(got(cut.bytes()) == 'c');
        CHECK(got(other.bytes()) == 'o');
        CHECK(got(region.bytes()) == 'o');
    }

    TEST_CASE("a view that is attached again shows what all share, and its own writes are gone") {
        shared_region region(size);
        shared_region::view cut(region);
        const shared_region::view other(region);
        cut.detach();
        put(cut.bytes(), 'c');
        put(other.bytes(), 'o');
        cut.attach();
        CHECK(got(cut.bytes()) == 'o');
        put(cut.bytes(), 'd');
        CHECK(got(other.bytes()) == 'd');
    }

    TEST_CASE("a view may end while it is detached") {
        shared_region region(size);
        std::optional<shared_region::view> cut(std::in_place, region);
        cut->detach();
        cut.reset();
        const shared_region::view other(region);
        CHECK(got(other.bytes()) == '\0');
    }

    TEST_CASE("the child of a fork has a copy of its own, which its views still share") {
        shared_region region(size);
        const shared_region::view one(region);
        const shared_region::view other(region);
        shared_region::view cut(region);
        put(one.bytes(), 'p');
        cut.detach();
        put(cut.bytes(), 'q');
        CHECK(in_child([&] {
                  const bool copied = got(one.bytes()) == 'p' && got(cut.bytes()) == 'q';
                  put(one.bytes(), 'c');
                  const bool shared = got(other.bytes()) == 'c' && got(region.bytes()) == 'c';
                  cut.attach();
                  const shared_region::view later(region);
                  return copied && shared && got(cut.bytes()) == 'c' && got(later.bytes()) == 'c'
                             ? 0
                             : 1;
              }) == 0);
        CHECK(got(one.bytes()) == 'p');
        CHECK(got(cut.bytes()) == 'q');
    }
}
