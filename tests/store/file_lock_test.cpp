#include "store/file_lock.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace isolite::store;

namespace {

constexpr lock_level none = lock_level::none;
constexpr lock_level shared = lock_level::shared;
constexpr lock_level reserved = lock_level::reserved;
constexpr lock_level pending = lock_level::pending;
constexpr lock_level exclusive = lock_level::exclusive;

std::string to_string(lock_level level) {
    static const std::vector<std::string> names{"none", "shared", "reserved", "pending",
                                                "exclusive"};
    return names[static_cast<std::size_t>(level)];
}

/// Brings a holder to `level` on the way that SQLite takes; the others have their shared locks.
void bring(file_lock& lock, lock_holder& holder, lock_level level) {
    if (level >= reserved) {
        REQUIRE(lock.raise(holder, reserved));
    }
    if (level == pending) { // that is, a reader stood in the way, who has gone since
        lock_holder reader;
        REQUIRE(lock.raise(reader, shared));
        REQUIRE_FALSE(lock.raise(holder, exclusive));
        lock.lower(reader, none);
    }
    if (level == exclusive) {
        REQUIRE(lock.raise(holder, exclusive));
    }
    REQUIRE(holder.level == level);
}

/// Two connections and where they are.
struct scene {
    file_lock lock;
    lock_holder one;
    lock_holder other;

    scene(lock_level level_of_one, lock_level level_of_other) {
        for (auto [holder, level] : {std::pair{&one, level_of_one}, {&other, level_of_other}}) {
            if (level >= shared) {
                REQUIRE(lock.raise(*holder, shared));
            }
        }
        bring(lock, one, level_of_one);
        bring(lock, other, level_of_other);
    }
};

/// A row of SQLite's protocol: while one connection is at `other`, may a second one that is at
/// `from` go to `wanted`, and where is it afterwards?
struct rule {
    lock_level other;
    lock_level from;
    lock_level wanted;
    bool granted;
    lock_level after;
};

// Every pair of levels that two connections can be at, and every request that SQLite makes.
// Source: https://www.sqlite.org/lockingv3.html
const std::vector<rule> protocol{
    {none, none, shared, true, shared},
    {none, shared, reserved, true, reserved},
    {none, shared, exclusive, true, exclusive},
    {none, reserved, exclusive, true, exclusive},
    {none, pending, exclusive, true, exclusive},
    {shared, none, shared, true, shared},
    {shared, shared, reserved, true, reserved},
    {shared, shared, exclusive, false, shared},
    {shared, reserved, exclusive, false, pending},
    {shared, pending, exclusive, false, pending},
    {reserved, none, shared, true, shared},
    {reserved, shared, reserved, false, shared},
    {reserved, shared, exclusive, false, shared},
    {pending, none, shared, false, none},
    {pending, shared, reserved, false, shared},
    {pending, shared, exclusive, false, shared},
    {exclusive, none, shared, false, none},
};

} // namespace

TEST_SUITE("file_lock") {
    TEST_CASE("every pair of levels follows SQLite's protocol") {
        for (const rule& row : protocol) {
            CAPTURE(to_string(row.other));
            CAPTURE(to_string(row.from));
            CAPTURE(to_string(row.wanted));
            scene both(row.from, row.other);
            CHECK(both.lock.raise(both.one, row.wanted) == row.granted);
            CHECK(both.one.level == row.after);
            CHECK(both.other.level == row.other);
        }
    }

    TEST_CASE("a request for a level that is held already is granted") {
        for (const lock_level held : {shared, reserved, exclusive}) {
            CAPTURE(to_string(held));
            scene both(held, none);
            CHECK(both.lock.raise(both.one, shared));
            CHECK(both.lock.raise(both.one, held));
            CHECK(both.one.level == held);
        }
    }

    TEST_CASE("a pending writer becomes exclusive once the last reader has gone") {
        scene both(pending, shared);
        REQUIRE_FALSE(both.lock.raise(both.one, exclusive));
        both.lock.lower(both.other, none);
        CHECK(both.lock.raise(both.one, exclusive));
    }

    TEST_CASE("a writer that goes back to shared lets another one write") {
        for (const lock_level held : {reserved, pending}) {
            CAPTURE(to_string(held));
            scene both(held, shared);
            both.lock.lower(both.one, shared);
            CHECK(both.one.level == shared);
            CHECK(both.lock.raise(both.other, reserved));
        }
    }

    TEST_CASE("a writer that unlocks lets others read") {
        for (const lock_level held : {pending, exclusive}) {
            CAPTURE(to_string(held));
            scene both(held, none);
            REQUIRE_FALSE(both.lock.raise(both.other, shared));
            both.lock.lower(both.one, none);
            CHECK(both.lock.raise(both.other, shared));
            CHECK(both.lock.raise(both.other, exclusive));
        }
    }

    TEST_CASE("lowering to a level above the one held changes nothing") {
        scene both(none, shared);
        both.lock.lower(both.one, shared);
        both.lock.lower(both.one, none);
        CHECK(both.one.level == none);
        CHECK(both.lock.holders() == 1);
    }

    TEST_CASE("holders and writers are counted") {
        for (const lock_level level : {none, shared, reserved, pending, exclusive}) {
            CAPTURE(to_string(level));
            const scene alone(level, none);
            CHECK(alone.lock.holders() == (level == none ? 0 : 1));
            CHECK(alone.lock.has_writer() == (level >= reserved));
        }
    }
}
