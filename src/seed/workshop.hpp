#pragma once

#include "seed/loaded_seed.hpp"
#include "seed/seeded_image.hpp"

namespace isolite {

/// Applies a seed to an empty database in memory and returns the finished bytes, and how
/// long that took.
/// Errors: errc::seed, errc::database.
[[nodiscard]] result<seeded_image> build_image(const loaded_seed& seed);

} // namespace isolite
