#pragma once

#include "seed/seeded_image.hpp"

#include <isolite/error.hpp>
#include <isolite/seed.hpp>

namespace isolite {

/// Applies a seed to an empty database in memory and returns the finished bytes, how long that
/// took, and what was applied. Errors: errc::seed, errc::database.
[[nodiscard]] result<seeded_image> build_image(const seed& seed);

} // namespace isolite
