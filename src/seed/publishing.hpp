#pragma once

#include "seed/image_cache.hpp"
#include "seed/seeded_image.hpp"

#include <isolite/seed.hpp>

namespace isolite {

/// Maps the image of a seed from the cache. If it is not there, one process of all that want it
/// builds it, and the others wait. What cannot be kept is built by each for itself, with a warning
/// on stderr. A builder that is killed leaves the lock to the next one; what a build fails with,
/// those who waited for it fail with too.
/// Errors: errc::seed, errc::database; those of `image_cache::run`.
/// Threads: any; two that want the same image wait for each other.
[[nodiscard]] result<seeded_image> obtain_image(const image_cache& cache, const seed& seed);

} // namespace isolite
