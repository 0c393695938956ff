#include "results/kept_case.hpp"

#include <algorithm>

namespace isolite::results {

using std::chrono::nanoseconds;

/// In whole numbers, so that it is the same on all machines.
past_case kept_case::past() const {
    constexpr nanoseconds longest = std::chrono::hours(24); // so that no sum overflows
    nanoseconds::rep sum = 0;
    nanoseconds::rep weights = 0;
    for (std::size_t i = durations.size(); i-- > 0;) { // the oldest first
        const nanoseconds::rep weight = weights + 1;
        sum += weight * std::min(durations[i], longest).count();
        weights += weight;
    }
    return {nanoseconds(weights > 0 ? sum / weights : 0), failed};
}

} // namespace isolite::results
