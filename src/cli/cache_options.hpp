#pragma once

#include "seed/image_cache.hpp"

#include <optional>
#include <string>

namespace isolite::cli {

/// What the command line says about the cache. It counts more than the variables.
struct cache_options {
    std::optional<std::string> directory; ///< May be relative.
    std::optional<std::string> project;
};

/// Returns the cache that is meant. Nothing is made.
/// Errors: those of `effective_settings`; errc::environment for a cache that is off; errc::system
///   for a directory that is there but cannot be read.
[[nodiscard]] result<image_cache> find_cache(const cache_options& options);

} // namespace isolite::cli
