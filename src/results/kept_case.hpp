#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace isolite::results {

/// How many cases of a program, and how many durations of each, are kept.
constexpr std::size_t most_kept_cases = 20'000;
constexpr std::size_t most_kept_durations = 10;

/// What earlier runs of a program tell of a case.
struct past_case {
    /// Smoothed over the last 10 runs, of which each counts twice as much as the one before it.
    std::chrono::nanoseconds duration{0};
    /// Says whether it failed when it was run last.
    bool failed = false;
};

/// What is kept of a case.
struct kept_case {
    std::vector<std::chrono::nanoseconds> durations; ///< of at most 10 runs, the latest first
    bool failed = false;                             ///< when it was run last
    /// When that was. Units: seconds since 1970.
    std::int64_t last_run = 0;

    [[nodiscard]] past_case past() const;
};

/// What is kept of the cases of one program, by their names.
using kept_cases = std::map<std::string, kept_case>;

/// A case that came to its end.
struct finished_case {
    std::string name;
    std::chrono::nanoseconds duration{0};
    bool failed = false;
};

} // namespace isolite::results
