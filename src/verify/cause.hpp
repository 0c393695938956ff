#pragma once

#include "verify/finding.hpp"
#include "verify/trials.hpp"

#include <cstddef>
#include <vector>

namespace isolite::verify {

/// Finds out why a case has different verdicts in the experiments that were kept: confirms it by
/// repetition, and narrows it to the smallest set of cases that makes the difference. What is known
/// of other cases is tried first.
[[nodiscard]] finding cause_of(std::size_t victim, trials& trials,
                               const std::vector<finding>& known);

/// Returns what is told of a case that differs, and nobody knows why.
[[nodiscard]] finding unsure_of(std::size_t victim, const trials& trials);

} // namespace isolite::verify
