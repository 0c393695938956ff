#pragma once

#include "store/image.hpp"

#include <chrono>
#include <memory>

namespace isolite {

/// An image, and how long it took to apply its seed: here, or where it was built.
struct seeded_image {
    std::shared_ptr<const store::image> image;
    std::chrono::nanoseconds seeding{0};
};

} // namespace isolite
