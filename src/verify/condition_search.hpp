#pragma once

#include "run/condition.hpp"
#include "verify/finding.hpp"
#include "verify/trials.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace isolite::verify {

/// Why a case is another one in conditions.
struct found_in_conditions {
    std::vector<finding> findings; ///< one at most for each kind of condition
    /// Says that the case is another one as soon as its clock is not that of the machine: it waits
    /// for a time, or compares the time with that of a file or of another program.
    bool has_two_clocks = false;
};

/// Finds out which of the conditions in which a case was another one make the difference, each
/// alone or several together, and confirms it by repetition.
[[nodiscard]] found_in_conditions causes_in(const std::vector<run::condition>& held,
                                            std::size_t victim, const bounds& bounds,
                                            trials& trials);

/// Returns the finding about a case whose verdict goes with the addresses of memory, or with what
/// is in fresh memory: these go with all that ran before, and with each condition, so that it seems
/// to depend on any of them.
[[nodiscard]] std::optional<finding> by_memory(std::size_t victim, const bounds& bounds,
                                               trials& trials);

/// Returns the finding about a case that differs by itself; if SQLite's random numbers are the
/// reason, with those by which it does.
[[nodiscard]] finding chance_of(const finding& unsure, const bounds& bounds, trials& trials);

} // namespace isolite::verify
