#include "store/wal_index.hpp"

#include "dice.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace isolite::store;
using isolite::store::tests::dice;

namespace {

using lock_set = wal_index::lock_set;

constexpr std::size_t size = 32768;

/// An index with two connections that use it.
struct wal_index_fixture {
    wal_index index;
    wal_index::user one;
    wal_index::user other;

    wal_index_fixture() {
        REQUIRE(index.map(one, 0, size, true));
        REQUIRE(index.map(other, 0, size, true));
    }
    ~wal_index_fixture() {
        index.unmap(one);
        index.unmap(other);
    }
    wal_index_fixture(const wal_index_fixture&) = delete;
    wal_index_fixture& operator=(const wal_index_fixture&) = delete;

    [[nodiscard]] static std::byte* bytes(const wal_index::user& of) {
        return of.views.front()->bytes();
    }
};

/// The locks without any cleverness: who holds which, shared or exclusive.
struct naive_locks {
    std::array<std::array<char, wal_index::lock_count>, 3> held{}; // 0, 's' or 'x'

    bool lock(std::size_t who, lock_set wanted, bool exclusive) {
        for (unsigned i = 0; i < wal_index::lock_count; ++i) {
            for (std::size_t each = 0; each < held.size(); ++each) {
                const char kind = held[each][i];
                if ((wanted >> i & 1) != 0 && each != who && (kind == 'x' || (kind && exclusive))) {
                    return false;
                }
            }
        }
        set(who, wanted, exclusive ? 'x' : 's');
        return true;
    }
    void set(std::size_t who, lock_set wanted, char kind) {
        for (unsigned i = 0; i < wal_index::lock_count; ++i) {
            if ((wanted >> i & 1) != 0) {
                held[who][i] = kind;
            }
        }
    }
    /// Says whether SQLite, which holds each lock in one way at a time, could ask for this.
    [[nodiscard]] bool holds_any(std::size_t who, lock_set of) const {
        for (unsigned i = 0; i < wal_index::lock_count; ++i) {
            if ((of >> i & 1) != 0 && held[who][i] != 0) {
                return true;
            }
        }
        return false;
    }
};

} // namespace

TEST_SUITE("wal_index: memory") {
    TEST_CASE("there is no region until someone extends the index") {
        wal_index index;
        wal_index::user reader;
        CHECK(index.map(reader, 0, size, false) == nullptr);
        CHECK(reader.attached);
        CHECK(index.users() == 1);
        index.unmap(reader);
    }

    TEST_CASE("a region keeps its address, and all users share its bytes") {
        wal_index_fixture both;
        std::byte* const address = wal_index_fixture::bytes(both.one);
        address[9] = std::byte{9};
        CHECK(both.index.map(both.one, 0, size, true) == address);
        CHECK(both.index.map(both.other, 0, size, false)[9] == std::byte{9});
    }

    TEST_CASE("regions are mapped in any order") {
        wal_index_fixture both;
        std::byte* const third = both.index.map(both.one, 2, size, true);
        REQUIRE(third);
        third[5] = std::byte{5};
        CHECK(both.index.map(both.other, 2, size, false)[5] == std::byte{5});
        CHECK(both.index.map(both.other, 1, size, false)[5] == std::byte{});
        CHECK(both.index.map(both.other, 3, size, false) == nullptr);
    }

    TEST_CASE("the last user takes the memory with it") {
        wal_index index;
        wal_index::user user;
        for (int round = 0; round < 2; ++round) {
            std::byte* const bytes = index.map(user, 0, size, true);
            CHECK(bytes[100] == std::byte{});
            bytes[100] = std::byte{1};
            CHECK(index.users() == 1);
            index.unmap(user);
            CHECK(index.users() == 0);
        }
    }

    TEST_CASE("a user that leaves gives back its locks and leaves the memory to the others") {
        wal_index_fixture both;
        wal_index_fixture::bytes(both.one)[100] = std::byte{1};
        REQUIRE(both.index.lock_exclusive(both.one, 0b11));
        REQUIRE(both.index.lock_shared(both.one, 0b100));
        both.index.unmap(both.one);
        CHECK(both.index.users() == 1);
        CHECK(wal_index_fixture::bytes(both.other)[100] == std::byte{1});
        CHECK(both.index.lock_exclusive(both.other, 0b111));
    }

    TEST_CASE("an index that was made invalid has no header, and keeps the rest") {
        wal_index_fixture both;
        for (const std::size_t at : {std::size_t{0}, std::size_t{135}, std::size_t{136}}) {
            wal_index_fixture::bytes(both.one)[at] = std::byte{1};
        }
        both.index.invalidate();
        CHECK(wal_index_fixture::bytes(both.other)[0] == std::byte{0});
        CHECK(wal_index_fixture::bytes(both.other)[135] == std::byte{0});
        CHECK(wal_index_fixture::bytes(both.other)[136] == std::byte{1});
    }
}

TEST_SUITE("wal_index: locks") {
    TEST_CASE("locks are given and refused as by a naive model of them") {
        for (std::uint64_t seed = 1; seed <= 50; ++seed) {
            CAPTURE(seed);
            dice choices(seed);
            wal_index index;
            std::array<wal_index::user, 3> users;
            naive_locks model;
            for (int step = 0; step < 400; ++step) {
                CAPTURE(step);
                const std::size_t who = choices.below(3);
                const unsigned count = static_cast<unsigned>(choices.below(3)) + 1;
                const auto wanted =
                    static_cast<lock_set>(((1U << count) - 1) << choices.below(9 - count));
                if (model.holds_any(who, wanted)) {
                    index.unlock(users[who], wanted);
                    model.set(who, wanted, 0);
                } else if (choices.one_in(2)) {
                    REQUIRE(index.lock_exclusive(users[who], wanted) ==
                            model.lock(who, wanted, true));
                } else {
                    REQUIRE(index.lock_shared(users[who], wanted) ==
                            model.lock(who, wanted, false));
                }
                REQUIRE(users[who].active() == model.holds_any(who, 0xff));
            }
        }
    }

    TEST_CASE("a set of locks of which one is taken is refused as a whole") {
        wal_index_fixture both;
        REQUIRE(both.index.lock_shared(both.one, 0b010));
        CHECK_FALSE(both.index.lock_exclusive(both.other, 0b111));
        CHECK(both.index.lock_exclusive(both.one, 0b101));
    }
}

TEST_SUITE("wal_index: revoked locks") {
    TEST_CASE("locks that were taken away are free for others at once") {
        wal_index_fixture both;
        REQUIRE(both.index.lock_exclusive(both.one, 0b1));
        REQUIRE(both.index.lock_shared(both.one, 0b10));
        both.index.revoke(both.one);
        CHECK_FALSE(both.one.active());
        CHECK(both.one.lost == 0b11);
        CHECK(both.index.lock_exclusive(both.other, 0b11));
    }

    TEST_CASE("what a user that lost its locks writes reaches nobody, until it gave back all") {
        wal_index_fixture both;
        REQUIRE(both.index.lock_exclusive(both.one, 0b1));
        REQUIRE(both.index.lock_shared(both.one, 0b10));
        wal_index_fixture::bytes(both.one)[9] = std::byte{1};
        both.index.revoke(both.one);
        CHECK(wal_index_fixture::bytes(both.one)[9] == std::byte{1});
        wal_index_fixture::bytes(both.one)[9] = std::byte{2};
        CHECK(wal_index_fixture::bytes(both.other)[9] == std::byte{1});

        both.index.unlock(both.one, 0b1);
        CHECK(both.one.lost == 0b10);
        CHECK(wal_index_fixture::bytes(both.one)[9] == std::byte{2});

        both.index.unlock(both.one, 0b10);
        CHECK(both.one.lost == 0);
        CHECK(wal_index_fixture::bytes(both.one)[9] == std::byte{1});
    }

    TEST_CASE("a region that is mapped after the locks were lost is a copy of its own too") {
        wal_index_fixture both;
        REQUIRE(both.index.lock_exclusive(both.one, 0b1));
        both.index.revoke(both.one);
        both.index.map(both.one, 1, size, true)[9] = std::byte{2};
        CHECK(both.index.map(both.other, 1, size, true)[9] == std::byte{});
    }

    TEST_CASE("giving back a lost lock does not give back that of its next holder") {
        wal_index_fixture both;
        REQUIRE(both.index.lock_exclusive(both.one, 0b1));
        both.index.revoke(both.one);
        REQUIRE(both.index.lock_exclusive(both.other, 0b1));
        both.index.unlock(both.one, 0b1);
        CHECK_FALSE(both.index.lock_exclusive(both.one, 0b1));
        CHECK(both.other.exclusive == 0b1);
    }

    TEST_CASE("a user that lost its locks may leave") {
        wal_index_fixture both;
        REQUIRE(both.index.lock_exclusive(both.one, 0b1));
        both.index.revoke(both.one);
        both.index.unmap(both.one);
        CHECK(both.index.users() == 1);
        std::byte* const again = both.index.map(both.one, 0, size, false);
        again[9] = std::byte{3};
        CHECK(wal_index_fixture::bytes(both.other)[9] == std::byte{3});
    }
}
