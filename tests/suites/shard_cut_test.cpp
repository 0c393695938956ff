#include "suites/shard_cut.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>

using isolite::results::shared_history;
using isolite::suites::case_to_cut;
using isolite::suites::cut_into_shards;
using isolite::suites::shard_cut;

using namespace std::chrono_literals;

namespace {

using std::chrono::nanoseconds;

/// Returns cases a, b, c... each in a group of its own.
std::vector<case_to_cut> cases_alone(std::size_t count) {
    std::vector<case_to_cut> cases;
    for (std::size_t i = 0; i < count; ++i) {
        cases.push_back({std::string(1, static_cast<char>('a' + i)), i});
    }
    return cases;
}

std::string shards_of(const shard_cut& cut) {
    std::string text;
    for (const unsigned each : cut.shard_of) {
        text += std::to_string(each);
    }
    return text;
}

shared_history durations(const std::map<std::string, nanoseconds>& known) {
    shared_history history;
    for (const auto& [name, duration] : known) {
        history[name].durations = {duration};
    }
    return history;
}

} // namespace

TEST_CASE("without durations shards are cut by count, a group after the other") {
    CHECK(shards_of(cut_into_shards(cases_alone(7), 3, {})) == "0120120");
    const shared_history of_another = durations({{"z", 1s}});
    CHECK(shards_of(cut_into_shards(cases_alone(7), 3, of_another)) == "0120120");
    CHECK(cut_into_shards(cases_alone(7), 3, of_another).loads.empty());
    CHECK(shards_of(cut_into_shards({{"a", 0}, {"b", 1}, {"c", 0}, {"d", 2}}, 2, {})) == "0100");
    CHECK(shards_of(cut_into_shards({}, 2, {})).empty());
}

TEST_CASE("with durations the longest case goes first to the shard that has least to do") {
    const auto cut = cut_into_shards(
        cases_alone(5), 2, durations({{"a", 1s}, {"b", 2s}, {"c", 9s}, {"d", 4s}, {"e", 3s}}));
    CHECK(shards_of(cut) == "01011"); // c: 9; d, e, b: 9; then a
    CHECK(cut.loads == std::vector<nanoseconds>{10s, 9s});
    CHECK(cut.cases_in(0) == std::vector<bool>{true, false, true, false, false});
    CHECK(cut.cases_in(1) == std::vector<bool>{false, true, false, true, true});
}

TEST_CASE("of equal durations the first case comes first, and the first shard") {
    const auto all = durations({{"a", 1s}, {"b", 1s}, {"c", 1s}, {"d", 1s}, {"e", 1s}});
    CHECK(shards_of(cut_into_shards(cases_alone(5), 2, all)) == "01010");
}

TEST_CASE("a case without a duration counts as the median of the others") {
    const auto cut =
        cut_into_shards(cases_alone(4), 2, durations({{"a", 1s}, {"b", 5s}, {"d", 100s}}));
    CHECK(shards_of(cut) == "1110");
    CHECK(cut.loads == std::vector<nanoseconds>{100s, 11s});
}

TEST_CASE("cases that took no time do not all go to one shard") {
    const auto none = durations({{"a", 0s}, {"b", 0s}, {"c", 0s}, {"d", 0s}});
    CHECK(shards_of(cut_into_shards(cases_alone(4), 2, none)) == "0101");
}

TEST_CASE("cases of one name are in one shard, with all that must stay with any of them") {
    const std::vector<case_to_cut> cases = {{"a", 0}, {"b", 1}, {"c", 2}, {"a", 3},
                                            {"d", 3}, {"d", 1}, {"e", 4}, {"c", 5}};
    CHECK(shards_of(cut_into_shards(cases, 3, {})) == "00200012");
    const auto cut = cut_into_shards(
        cases, 3, durations({{"a", 1s}, {"b", 1s}, {"c", 4s}, {"d", 1s}, {"e", 2s}}));
    CHECK(shards_of(cut) == "11011120"); // c twice: 8; a, b and d together: 5
    CHECK(cut.loads == std::vector<nanoseconds>{8s, 5s, 2s});
}

TEST_CASE("cases of one group are in one shard, and take as long as all of them") {
    const std::vector<case_to_cut> cases = {{"a", 0}, {"b", 1}, {"c", 0}, {"d", 2}};
    const auto cut =
        cut_into_shards(cases, 2, durations({{"a", 3s}, {"b", 4s}, {"c", 3s}, {"d", 1s}}));
    CHECK(shards_of(cut) == "0101");
    CHECK(cut.loads == std::vector<nanoseconds>{6s, 5s});
}

TEST_CASE("each case is in exactly one shard, and no shard takes much longer than the mean") {
    std::mt19937_64 random(7);
    for (unsigned total = 1; total < 9; ++total) {
        std::vector<case_to_cut> cases;
        shared_history history;
        for (std::size_t i = 0; i < 500; ++i) {
            const std::string name = "case " + std::to_string(i);
            cases.push_back({name, i});
            history[name].durations = {nanoseconds(1 + random() % 1'000'000)};
        }
        const auto cut = cut_into_shards(cases, total, history);
        std::vector<nanoseconds> loads(total);
        for (std::size_t i = 0; i < cases.size(); ++i) {
            REQUIRE(cut.shard_of[i] < total);
            loads[cut.shard_of[i]] += history.at(cases[i].name).past().duration;
        }
        CHECK(loads == cut.loads);
        const nanoseconds sum = std::accumulate(loads.begin(), loads.end(), nanoseconds(0));
        CHECK(*std::max_element(loads.begin(), loads.end()) * 100 * total <= sum * 101);
    }
}

TEST_CASE("the fingerprint is that of the cases and their shards") {
    const auto cases = cases_alone(4);
    const auto of = [](const shard_cut& cut) { return cut.fingerprint; };
    const std::string by_count = of(cut_into_shards(cases, 2, {}));
    CHECK(by_count == "ff851832e8b1cccc");
    CHECK(of(cut_into_shards(cases, 2, {})) == by_count);
    CHECK(of(cut_into_shards(cases, 3, {})) != by_count);
    CHECK(of(cut_into_shards(cases_alone(5), 2, {})) != by_count);
    CHECK(of(cut_into_shards({{"b", 0}, {"a", 1}, {"c", 2}, {"d", 3}}, 2, {})) != by_count);
    CHECK(of(cut_into_shards({{"ab", 0}, {"", 1}}, 2, {})) !=
          of(cut_into_shards({{"a", 0}, {"b", 1}}, 2, {})));
    const auto other = durations({{"a", 1s}, {"b", 5s}, {"c", 2s}});
    CHECK(of(cut_into_shards(cases, 2, other)) != by_count);
    // Who has other durations and the same shards has the same cut.
    const auto equal = durations({{"a", 4s}, {"b", 4s}, {"c", 3s}, {"d", 3s}});
    CHECK(of(cut_into_shards(cases, 2, equal)) == by_count);
}
