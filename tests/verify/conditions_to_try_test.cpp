#include "verify/conditions_to_try.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>

using isolite::run::condition;
using isolite::run::text_of;
using isolite::run::time_in;
using isolite::verify::conditions_to_try;
using isolite::verify::possible_conditions;

namespace {

using kind = condition::what;

const std::int64_t present = time_in("2026-11-30T14:10:00").value();

std::size_t count(const conditions_to_try& chosen, kind wanted) {
    std::size_t found = 0;
    for (const auto& part : chosen.parts) {
        found += static_cast<std::size_t>(
            std::count_if(part.begin(), part.end(),
                          [wanted](const condition& each) { return each.kind == wanted; }));
    }
    return found;
}

bool says(const conditions_to_try& chosen, const std::string& line) {
    return std::count(chosen.untried.begin(), chosen.untried.end(), line) == 1;
}

} // namespace

TEST_CASE("all cases run three times more for all conditions") {
    const auto chosen = conditions_to_try::at(present, {true, true, true});
    CHECK(chosen.parts.size() == 3);
    CHECK(count(chosen, kind::zone) == 2);
    CHECK(count(chosen, kind::clock) == 3);
    CHECK(count(chosen, kind::random) == 3);
    for (const kind once : {kind::rows, kind::addresses, kind::memory}) {
        CHECK(count(chosen, once) == 1);
    }
    CHECK(count(chosen, kind::locale) + chosen.untried.size() == 1);
}

TEST_CASE("the clock shows half a day later or earlier, a leap day, and the end of the year") {
    for (const auto& part : conditions_to_try::at(present, {true, true, true}).parts) {
        for (const condition& each : part) {
            CAPTURE(text_of(each));
            CHECK((each.kind != kind::clock || each.value == "2026-11-30T02:10:00" ||
                   each.value == "2032-02-29T12:00:00" || each.value == "2026-12-31T23:58:00"));
        }
    }
}

TEST_CASE("half a day from now the zone stays, so that hours of UTC are other ones") {
    for (const auto& part : conditions_to_try::at(present, {true, true, true}).parts) {
        const auto has = [&part](kind wanted, const std::string& value) {
            return std::any_of(part.begin(), part.end(), [&](const condition& each) {
                return each.kind == wanted && (value.empty() || each.value == value);
            });
        };
        CHECK(has(kind::zone, "") != has(kind::clock, "2026-11-30T02:10:00"));
    }
}

TEST_CASE("what cannot be made here is left out, and that is said") {
    const auto without_clock = conditions_to_try::at(present, {false, true, true});
    CHECK(count(without_clock, kind::clock) == 0);
    CHECK(count(without_clock, kind::memory) == 1);
    CHECK(says(without_clock,
               "another time, as a process cannot be given another clock on this machine"));
    const auto without_addresses = conditions_to_try::at(present, {true, false, true});
    CHECK(count(without_addresses, kind::addresses) == 0);
    CHECK(count(without_addresses, kind::memory) == 1);
    CHECK(says(without_addresses, "other addresses of memory, as the allocator of this program is "
                                  "not that of glibc as it usually is"));
    const auto without_junk = conditions_to_try::at(present, {true, true, false});
    CHECK(count(without_junk, kind::addresses) == 1);
    CHECK(count(without_junk, kind::memory) == 0);
    CHECK(says(without_junk,
               "junk in memory, as the allocator of this program is not that of glibc"));
}

TEST_CASE("of a new process zone, locale and memory are other ones") {
    const auto chosen = conditions_to_try::of_environment();
    CHECK(chosen.parts.size() == 2);
    CHECK(count(chosen, kind::zone) == 2);
    CHECK(count(chosen, kind::memory) == 1);
    CHECK(count(chosen, kind::locale) + chosen.untried.size() == 2);
    for (const kind none : {kind::clock, kind::random, kind::rows, kind::addresses}) {
        CHECK(count(chosen, none) == 0);
    }
    CHECK(says(chosen, "another time, other random numbers of SQLite, rows in reverse, other "
                       "addresses of memory, and all twice in one process, as the program has no "
                       "isolite"));
}
