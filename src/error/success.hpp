#pragma once

#include <isolite/error.hpp>

#include <utility>

namespace isolite {

/// Returns success on a hot path. `return {}` fills the memory of the error with zeros first, one
/// that is moved does not.
[[nodiscard]] inline result<void> success() noexcept {
    result<void> done;
    return result<void>(std::move(done));
}

} // namespace isolite
