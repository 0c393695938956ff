#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace bench {

/// The time of one round of each contender, in nanoseconds.
struct comparison {
    double first;
    double second;

    /// Returns how many times as long the first took.
    [[nodiscard]] double ratio() const { return first / second; }
};

template <typename Body>
double nanoseconds_per_round(Body body, std::size_t rounds) {
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < rounds; ++i) {
        body();
    }
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
    return taken.count() / static_cast<double>(rounds);
}

/// Runs two contenders in turns, so that whatever else the machine does meets both, and takes the
/// best turn of each: noise only ever adds.
template <typename First, typename Second>
comparison compare(First first, Second second, std::size_t rounds) {
    constexpr int turns = 60;
    comparison best{1e300, 1e300};
    for (int turn = 0; turn < turns; ++turn) {
        best.first = std::min(best.first, nanoseconds_per_round(first, rounds));
        best.second = std::min(best.second, nanoseconds_per_round(second, rounds));
    }
    return best;
}

} // namespace bench
