#pragma once

#include "ledger/fixture_kind.hpp"
#include "store/image.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace isolite {

/// An image and what is told of it.
struct seeded_image {
    std::shared_ptr<const store::image> image;
    std::chrono::nanoseconds seeding{0}; ///< How long applying its seed took, whoever did.
    std::string fingerprint;             ///< Of what was applied.
    fixture_kind origin = fixture_kind::image_built_alone; ///< One of those about images.
};

} // namespace isolite
