#pragma once

#include "verify/finding.hpp"
#include "verify/trials.hpp"

#include <cstddef>
#include <vector>

namespace isolite::verify {

/// Returns parts of those that ran before a case, each likely to have who makes it another one, and
/// quickly run: what made others differ, those that are seen to leave something, and all but the
/// slow ones. Shape: at most 5 parts, in the order in which to try them; none is empty or all.
[[nodiscard]] std::vector<std::vector<std::size_t>>
likely_parts(const std::vector<std::size_t>& before, const trials& trials,
             const std::vector<finding>& known);

} // namespace isolite::verify
