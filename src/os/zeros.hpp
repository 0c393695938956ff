#pragma once

#include <cstddef>
#include <memory>

namespace isolite::os {

/// Returns zeros that cost memory only where they are written, or read.
/// Errors: throws `std::bad_alloc`.
[[nodiscard]] std::shared_ptr<std::byte> zeros(std::size_t count);

} // namespace isolite::os
