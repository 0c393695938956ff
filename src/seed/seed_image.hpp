#pragma once

#include "seed/publishing.hpp"

#include <isolite/seed.hpp>

namespace isolite {

/// Returns the image of a seed: from the cache, or built, and entered in the ledger.
/// Errors: errc::seed, errc::database; errc::environment and errc::usage for settings of the cache.
[[nodiscard]] result<std::shared_ptr<const store::image>> image_of(const seed& seed);

} // namespace isolite
