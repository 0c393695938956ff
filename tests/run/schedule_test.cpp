#include "run/run_files.hpp"
#include "run/schedule.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <string>

using isolite::results::test_case;
using isolite::run::run_files;
using isolite::run::schedule;
using isolite::run::schedule_of;

namespace {

using positions = std::vector<std::size_t>;
using durations = std::vector<std::chrono::nanoseconds>;

constexpr std::size_t none = run_files::no_group;

std::vector<test_case> cases(std::size_t count) {
    return std::vector<test_case>(count);
}

/// Returns cases with these resources.
std::vector<test_case> cases_with(const std::vector<std::vector<std::string>>& resources) {
    std::vector<test_case> made(resources.size());
    for (std::size_t i = 0; i < made.size(); ++i) {
        made[i].resources = resources[i];
    }
    return made;
}

positions all_of(std::size_t count) {
    positions all(count);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

durations milliseconds(const std::vector<int>& each) {
    durations made;
    for (const int count : each) {
        made.push_back(std::chrono::milliseconds(count));
    }
    return made;
}

/// Schedules all cases without a seed.
schedule scheduled(const std::vector<test_case>& all, const std::vector<int>& expected) {
    return schedule_of(all, all_of(all.size()), milliseconds(expected), {});
}

positions shuffled(std::size_t count, std::uint64_t seed) {
    return schedule_of(cases(count), all_of(count), durations(count), seed).beside_others;
}

} // namespace

TEST_CASE("the slowest case comes first, and equal ones stay as they were") {
    CHECK(scheduled(cases(5), {1, 5, 3, 5, 4}).beside_others == positions{1, 3, 4, 2, 0});
    CHECK(scheduled(cases(100), std::vector<int>(100, 7)).beside_others == all_of(100));
}

TEST_CASE("a case of unknown duration counts as the average of those that are known") {
    // The average of 2, 10 and 6 is 6.
    CHECK(scheduled(cases(6), {2, 0, 10, 6, 0, 5}).beside_others == positions{2, 3, 1, 4, 5, 0});
}

TEST_CASE("only the chosen cases count for the average") {
    const auto made = schedule_of(cases(4), {0, 1, 2}, milliseconds({4, 0, 6, 1000}), std::nullopt);
    CHECK(made.beside_others == positions{2, 1, 0}); // the average is 5
}

TEST_CASE("without any history the order is the given one") {
    CHECK(scheduled(cases(4), {0, 0, 0, 0}).beside_others == positions{0, 1, 2, 3});
    CHECK(schedule_of(cases(4), {3, 0, 2}, durations(4), {}).beside_others == positions{3, 0, 2});
    CHECK(schedule_of(cases(2), {}, durations(2), {}).beside_others.empty());
    CHECK(schedule_of({}, {}, {}, 1).beside_others.empty());
}

TEST_CASE("a seed means the same order on every platform") {
    // By another implementation of MT19937-64, and Fisher and Yates from the end on.
    CHECK(shuffled(12, 7) == positions{4, 0, 2, 6, 10, 9, 1, 5, 11, 8, 7, 3});
    CHECK(shuffled(12, 0) == positions{0, 10, 9, 8, 7, 1, 2, 4, 11, 3, 5, 6});
    CHECK(shuffled(1, 7) == positions{0});
}

TEST_CASE("a seed overrules durations, but not what must run alone") {
    auto all = cases(12);
    all[4].serial = all[3].serial = true;
    durations expected(12);
    expected[0] = std::chrono::hours(1);
    const auto made = schedule_of(all, all_of(12), expected, 7);
    CHECK(made.beside_others == positions{0, 2, 6, 10, 9, 1, 5, 11, 8, 7});
    CHECK(made.alone == positions{4, 3});
}

TEST_CASE("cases that share a resource are of one group, others of none") {
    const auto made =
        scheduled(cases_with({{"a"}, {}, {"b"}, {"a"}, {"c", "b"}, {"d"}}), {0, 0, 0, 0, 0, 0});
    CHECK(made.groups == 3);
    CHECK(made.group_of == positions{0, none, 1, 0, 1, 2});
}

TEST_CASE("resources that overlap by way of a third case form one group") {
    const auto made = scheduled(cases_with({{"a"}, {"b"}, {"c"}, {"d"}, {"a", "b"}, {"b", "c"}}),
                                {0, 0, 0, 0, 0, 0});
    CHECK(made.groups == 2);
    CHECK(made.group_of == positions{0, 0, 0, 1, 0, 0});
}

TEST_CASE("a case weighs as much as its group") {
    // The group of 1, 3 and 4 takes 9, its unknown member the average of 5.
    CHECK(
        scheduled(cases_with({{}, {"a"}, {}, {"a"}, {"a", "b"}}), {8, 2, 10, 2, 0}).beside_others ==
        positions{2, 1, 3, 4, 0});
}

TEST_CASE("members of a group that were not chosen weigh nothing") {
    const auto made =
        schedule_of(cases_with({{"a"}, {}, {"a"}}), {0, 1}, milliseconds({2, 3, 9}), std::nullopt);
    CHECK(made.beside_others == positions{1, 0});
}

TEST_CASE("serial cases are apart, the slowest first") {
    auto all = cases(5);
    all[1].serial = all[3].serial = true;
    const auto made = scheduled(all, {1, 2, 3, 4, 5});
    CHECK(made.beside_others == positions{4, 2, 0});
    CHECK(made.alone == positions{3, 1});
}

TEST_CASE("whatever the cases are, each that was chosen is there exactly once") {
    std::mt19937 dice(20240229);
    const auto below = [&](std::size_t limit) { return dice() % limit; };
    for (int round = 0; round < 500; ++round) {
        CAPTURE(round);
        const std::size_t count = below(40);
        auto all = cases(count);
        durations expected(count);
        positions chosen;
        for (std::size_t i = 0; i < count; ++i) {
            all[i].serial = below(4) == 0;
            for (std::size_t j = below(3); j > 0; --j) {
                all[i].resources.push_back(std::string(1, static_cast<char>('a' + below(9))));
            }
            expected[i] = std::chrono::milliseconds(below(2) == 0 ? 0 : below(100));
            if (below(3) != 0) {
                chosen.push_back(i);
            }
        }
        const auto seed = below(2) == 0 ? std::optional<std::uint64_t>(below(1000)) : std::nullopt;
        const auto made = schedule_of(all, chosen, expected, seed);

        positions found = made.beside_others;
        found.insert(found.end(), made.alone.begin(), made.alone.end());
        std::sort(found.begin(), found.end());
        CHECK(found == chosen);
        CHECK(std::none_of(made.beside_others.begin(), made.beside_others.end(),
                           [&](std::size_t each) { return all[each].serial; }));
        CHECK(std::all_of(made.alone.begin(), made.alone.end(),
                          [&](std::size_t each) { return all[each].serial; }));

        std::map<std::string, std::size_t> group_of;
        REQUIRE(made.group_of.size() == count);
        for (std::size_t i = 0; i < count; ++i) {
            CHECK((made.group_of[i] == none) == all[i].resources.empty());
            CHECK((made.group_of[i] == none || made.group_of[i] < made.groups));
            for (const std::string& resource : all[i].resources) {
                CHECK(group_of.emplace(resource, made.group_of[i]).first->second ==
                      made.group_of[i]);
            }
        }
    }
}
