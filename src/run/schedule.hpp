#pragma once

#include "results/test_case.hpp"

#include <isolite/error.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace isolite::run {

/// Which cases may not overlap, and in which order the cases are best claimed.
struct schedule {
    /// Cases that may run beside others, and those that must run alone: positions, best first.
    std::vector<std::size_t> beside_others;
    std::vector<std::size_t> alone;
    /// By the position of a case: cases with the same number never overlap.
    std::vector<std::size_t> group_of;
    std::size_t groups = 0;
};

/// Orders these cases: by chance if there is a seed; else the slowest first, and cases whose
/// duration is not known (0) as if they took the average. Without any history in the given order.
[[nodiscard]] schedule schedule_of(const std::vector<results::test_case>& cases,
                                   const std::vector<std::size_t>& chosen,
                                   const std::vector<std::chrono::nanoseconds>& expected,
                                   std::optional<std::uint64_t> seed);

/// Returns the positions of the cases of these names: in the order of the names, and of those of
/// one name in their own. Errors: errc::usage for a name that no case has.
[[nodiscard]] result<std::vector<std::size_t>>
positions_of(const std::vector<results::test_case>& cases, const std::vector<std::string>& names);

} // namespace isolite::run
