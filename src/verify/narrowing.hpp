#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace isolite::verify {

/// Says whether some of the candidates, in their order, still show what all of them show; nothing
/// when nobody can try any more.
using shows = std::function<std::optional<bool>(const std::vector<std::size_t>&)>;

/// A part of candidates that shows what all of them show.
struct narrowed {
    std::vector<std::size_t> members; ///< in the order of the candidates
    std::size_t trials = 0;           ///< how often `shows` was called
    /// Says whether it shows nothing without any one of them.
    bool is_smallest = true;
};

/// Narrows candidates to a smallest part that still shows what all of them show, by halves: each
/// member costs about log2 of their number trials. A part may show it where a larger one does not.
/// Requires: all of them show it, none of them do not.
[[nodiscard]] narrowed narrow(const std::vector<std::size_t>& candidates, const shows& shows);

} // namespace isolite::verify
