#include "suites/shard_cut.hpp"

#include "text/hexadecimal.hpp"

#include <xxhash.h>

#include <algorithm>
#include <map>
#include <string_view>

namespace isolite::suites {

namespace {

using std::chrono::nanoseconds;

/// Puts cases of one name into one group: histories tell them by it, and two shards would
/// contradict each other about what `--failed` is to run.
void join_equal_names(std::vector<case_to_cut>& cases) {
    std::map<std::size_t, std::size_t> leaders; // of groups that are part of another one
    const auto leader = [&](std::size_t group) {
        for (auto at = leaders.find(group); at != leaders.end(); at = leaders.find(group)) {
            group = at->second;
        }
        return group;
    };
    std::map<std::string_view, std::size_t> groups;
    for (const case_to_cut& each : cases) {
        const std::size_t own = leader(each.group);
        const std::size_t first = leader(groups.emplace(each.name, own).first->second);
        if (own != first) {
            leaders[std::max(own, first)] = std::min(own, first);
        }
    }
    for (case_to_cut& each : cases) {
        each.group = leader(each.group);
    }
}

/// Returns how long each case takes; nothing if no case has a duration.
std::vector<nanoseconds> durations_of_cases(const std::vector<case_to_cut>& cases,
                                            const results::shared_history& history) {
    std::vector<nanoseconds> known;
    std::vector<nanoseconds> all;
    for (const case_to_cut& each : cases) {
        const auto found = history.find(each.name);
        all.push_back(found == history.end() ? nanoseconds(-1) : found->second.past().duration);
        if (found != history.end()) {
            known.push_back(all.back());
        }
    }
    if (known.empty()) {
        return {};
    }
    const auto middle = known.begin() + static_cast<std::ptrdiff_t>(known.size() / 2);
    std::nth_element(known.begin(), middle, known.end());
    std::replace(all.begin(), all.end(), nanoseconds(-1), *middle);
    return all;
}

/// A group and how long its cases take together.
struct group_load {
    std::size_t group;
    nanoseconds load{0};
};

/// Returns the groups, in the order of their first cases.
std::vector<group_load> loads_of_groups(const std::vector<case_to_cut>& cases,
                                        const std::vector<nanoseconds>& durations) {
    std::vector<group_load> groups;
    std::map<std::size_t, std::size_t> places;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const auto place = places.emplace(cases[i].group, groups.size());
        if (place.second) {
            groups.push_back({cases[i].group});
        }
        // No case takes no time, or one shard would get all of those.
        groups[place.first->second].load += std::max(durations[i], nanoseconds(1));
    }
    return groups;
}

void cut_by_durations(shard_cut& cut, unsigned total, const std::vector<nanoseconds>& durations) {
    std::vector<group_load> groups = loads_of_groups(cut.cases, durations);
    std::stable_sort(
        groups.begin(), groups.end(),
        [](const group_load& one, const group_load& other) { return one.load > other.load; });
    cut.loads.resize(total);
    std::map<std::size_t, unsigned> shards;
    for (const auto& [group, load] : groups) {
        const auto least = std::min_element(cut.loads.begin(), cut.loads.end());
        *least += load;
        shards[group] = static_cast<unsigned>(least - cut.loads.begin());
    }
    for (const case_to_cut& each : cut.cases) {
        cut.shard_of.push_back(shards[each.group]);
    }
}

/// Each name with its length: two lists never make one text.
std::string fingerprint_of(const shard_cut& cut, unsigned total) {
    std::string told = std::to_string(total);
    for (std::size_t i = 0; i < cut.cases.size(); ++i) {
        const std::string& name = cut.cases[i].name;
        told += '\n' + std::to_string(cut.shard_of[i]) + ' ' + std::to_string(name.size()) + ' ';
        told += name;
    }
    XXH64_canonical_t hash{};
    XXH64_canonicalFromHash(&hash, XXH3_64bits(told.data(), told.size()));
    return text::hexadecimal({reinterpret_cast<const char*>(hash.digest), sizeof hash.digest});
}

} // namespace

std::vector<bool> shard_cut::cases_in(unsigned shard) const {
    std::vector<bool> own(shard_of.size());
    std::transform(shard_of.begin(), shard_of.end(), own.begin(),
                   [shard](unsigned each) { return each == shard; });
    return own;
}

shard_cut cut_into_shards(std::vector<case_to_cut> cases, unsigned total,
                          const results::shared_history& history) {
    shard_cut cut;
    cut.cases = std::move(cases);
    join_equal_names(cut.cases);
    if (const auto durations = durations_of_cases(cut.cases, history); !durations.empty()) {
        cut_by_durations(cut, total, durations);
    } else {
        for (const case_to_cut& each : cut.cases) {
            cut.shard_of.push_back(static_cast<unsigned>(each.group % total));
        }
    }
    cut.fingerprint = fingerprint_of(cut, total);
    return cut;
}

} // namespace isolite::suites
