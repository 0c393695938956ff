#include "verify/likely_parts.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace isolite::verify {

namespace {

using positions = std::vector<std::size_t>;
using std::chrono::nanoseconds;

/// Of the culprits of other cases, as there may be as many of them as victims.
constexpr std::size_t most_known = 3;

template <typename Claim>
positions those_of(const positions& before, Claim claim) {
    positions some;
    std::copy_if(before.begin(), before.end(), std::back_inserter(some), claim);
    return some;
}

nanoseconds duration_of(std::size_t position, const trials& trials) {
    const auto& usual = trials.kept().front().became;
    const auto found = usual.find(position);
    return found == usual.end() ? nanoseconds(0) : found->second.duration;
}

/// Returns the quick ones, which take at most a tenth of the time of all; nothing where to leave
/// out the others would save less than a few experiments cost.
positions quick_ones(const positions& before, const trials& trials) {
    constexpr nanoseconds worth_it = std::chrono::milliseconds(100);
    positions by_duration = before;
    std::stable_sort(by_duration.begin(), by_duration.end(), [&](auto one, auto other) {
        return duration_of(one, trials) < duration_of(other, trials);
    });
    const auto add = [&](nanoseconds sum, std::size_t each) {
        return sum + duration_of(each, trials);
    };
    const nanoseconds all = std::accumulate(before.begin(), before.end(), nanoseconds(0), add);
    if (all < worth_it) {
        return {};
    }
    nanoseconds taken(0);
    positions quick;
    for (const std::size_t each : by_duration) {
        taken = add(taken, each);
        if (taken <= all / 10) {
            quick.push_back(each);
        }
    }
    return those_of(before, [&](std::size_t each) { return has(quick, each); });
}

} // namespace

std::vector<positions> likely_parts(const positions& before, const trials& trials,
                                    const std::vector<finding>& known) {
    std::vector<positions> parts;
    const auto add = [&](positions part) {
        if (!part.empty() && part.size() < before.size() &&
            std::find(parts.begin(), parts.end(), part) == parts.end()) {
            parts.push_back(std::move(part));
        }
    };
    for (auto each = known.rbegin(); each != known.rend() && parts.size() < most_known; ++each) {
        add(those_of(before, [&](std::size_t one) { return has(each->culprits, one); }));
    }
    add(those_of(before, [&](std::size_t one) { return !trials.tallies()[one].traces.empty(); }));
    add(quick_ones(before, trials));
    return parts;
}

} // namespace isolite::verify
