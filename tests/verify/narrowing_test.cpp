#include "verify/narrowing.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

using isolite::verify::narrow;
using isolite::verify::narrowed;
using isolite::verify::shows;

namespace {

using cases = std::vector<std::size_t>;

cases first(std::size_t count) {
    cases all(count);
    std::iota(all.begin(), all.end(), std::size_t(0));
    return all;
}

bool has(const cases& some, std::size_t wanted) {
    return std::find(some.begin(), some.end(), wanted) != some.end();
}

/// Shows it where all of these are, in any company.
shows all_of(const cases& wanted) {
    return [wanted](const cases& some) {
        return std::optional(std::all_of(wanted.begin(), wanted.end(),
                                         [&](std::size_t each) { return has(some, each); }));
    };
}

double log2_of(std::size_t count) {
    return std::log2(static_cast<double>(count));
}

} // namespace

TEST_CASE("one culprit among many is found by about log2 of their number trials") {
    constexpr std::size_t count = 882;
    for (std::size_t culprit = 0; culprit < count; ++culprit) {
        const narrowed found = narrow(first(count), all_of({culprit}));
        REQUIRE(found.members == cases{culprit});
        REQUIRE(found.is_smallest);
        REQUIRE(static_cast<double>(found.trials) <= log2_of(count) + 2);
    }
}

TEST_CASE("of several culprits that are needed together none is forgotten, nor another one named") {
    constexpr std::size_t count = 100;
    for (std::size_t one = 0; one < count; ++one) {
        for (std::size_t other = one + 1; other < count; other += 7) {
            const narrowed found = narrow(first(count), all_of({one, other}));
            REQUIRE(found.members == cases{one, other});
            REQUIRE(static_cast<double>(found.trials) <= 2 * log2_of(count) + 6);
        }
    }
    const cases many{3, 20, 21, 50, 99};
    CHECK(narrow(first(count), all_of(many)).members == many);
    CHECK(narrow({7}, all_of({7})).members == cases{7});
    CHECK(narrow({7}, all_of({7})).trials <= 1);
}

TEST_CASE("candidates keep their order, whatever they are called") {
    CHECK(narrow({9, 2, 30, 4}, all_of({30, 9})).members == cases{9, 30});
}

TEST_CASE("a culprit is found although others take back what it does") {
    // 12 takes back what 5 does, and 40 does it again.
    const shows last_word = [](const cases& some) {
        bool is_spoiled = false;
        for (const std::size_t each : some) {
            is_spoiled = each == 5 || each == 40 || (is_spoiled && each != 12);
        }
        return std::optional(is_spoiled);
    };
    const narrowed found = narrow(first(64), last_word);
    REQUIRE(found.members.size() == 1);
    CHECK(last_word(found.members) == true);
}

TEST_CASE("what mattered only beside others is dropped at the end") {
    // 2 takes back what 5 does, and 8 keeps it from that.
    const shows shown = [](const cases& some) {
        return std::optional(has(some, 5) && (!has(some, 2) || has(some, 8)));
    };
    const narrowed found = narrow(first(10), shown);
    CHECK(found.is_smallest);
    CHECK(found.members == cases{5});
}

TEST_CASE("who can try no more gets what is known so far, which still shows it") {
    const shows hidden = all_of({17, 70});
    for (std::size_t most = 0; most < 12; ++most) {
        std::size_t left = most;
        const narrowed found = narrow(first(100), [&](const cases& some) {
            return left-- > 0 ? hidden(some) : std::nullopt;
        });
        CAPTURE(most);
        CHECK_FALSE(found.is_smallest);
        CHECK(found.trials == most);
        CHECK(hidden(found.members) == true);
    }
}
