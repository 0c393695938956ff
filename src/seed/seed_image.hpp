#pragma once

#include "seed/image_cache.hpp"
#include "seed/image_file.hpp"

#include <isolite/seed.hpp>

namespace isolite::seeds {

/// Maps the image of a seed from the cache. If it is not there, one process of all that want it
/// builds it, and the others wait. What cannot be kept is built by each for itself, with a warning
/// on stderr. In a step of another seed nobody waits: two programs might wait for each other. A
/// builder that is killed leaves the lock to the next one; what a build fails with,
/// those who waited for it fail with too.
/// Errors: errc::seed, errc::database; those of `image_cache::run`.
/// Threads: any; two that want the same image wait for each other.
[[nodiscard]] result<seeded_image> obtain_image(const image_cache& cache, const seed& seed);

/// Returns the image of a seed: from the cache, or built, and entered in the ledger.
/// Errors: errc::seed, errc::database; errc::environment and errc::usage for settings of the cache;
///   those of `make_alone`.
[[nodiscard]] result<std::shared_ptr<const store::image>> image_of(const seed& seed);

/// Does so for who has begun to make it by `make_alone`.
[[nodiscard]] result<std::shared_ptr<const store::image>> image_in_the_making(const seed& seed);

} // namespace isolite::seeds
