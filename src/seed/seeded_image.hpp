#pragma once

#include "store/image.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace isolite {

/// An image, how long it took to apply its seed, here or where it was built, and what was applied.
struct seeded_image {
    std::shared_ptr<const store::image> image;
    std::chrono::nanoseconds seeding{0};
    std::string fingerprint;
};

} // namespace isolite
