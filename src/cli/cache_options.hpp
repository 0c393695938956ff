#pragma once

#include "seed/image_cache.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace isolite::cli {

/// What the command line says about the cache. It counts more than the variables.
struct cache_options {
    std::optional<std::string> directory; ///< May be relative.
    std::optional<std::string> project;
};

/// Adds --project and --directory to a command.
void add_place_options(CLI::App& command, cache_options& options);

/// Returns the settings that are meant, also of a cache that is off.
/// Errors: those of `effective_settings`.
[[nodiscard]] result<cache_settings> find_settings(const cache_options& options);

/// Returns the cache that is meant. Nothing is made.
/// Errors: those of `effective_settings`; errc::environment for a cache that is off; errc::system
///   for a directory that is there but cannot be read.
[[nodiscard]] result<seeds::image_cache> find_cache(const cache_options& options);

} // namespace isolite::cli
