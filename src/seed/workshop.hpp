#pragma once

#include "seed/loaded_seed.hpp"
#include "store/image.hpp"

#include <memory>

namespace isolite {

/// Applies a seed to an empty database in memory and returns the finished bytes.
/// Errors: errc::seed, errc::database.
[[nodiscard]] result<std::shared_ptr<const store::image>> build_image(const loaded_seed& seed);

} // namespace isolite
