#pragma once

#include "os/lock_file.hpp"
#include "worker/environment.hpp"

#include <isolite/cache_settings.hpp>

namespace isolite::workers {

inline constexpr os::purpose using_the_cache = {"keep anything in the cache", "ISOLITE_CACHE"};

/// Returns what `use_cache` said last, else the defaults.
[[nodiscard]] const cache_settings& chosen_cache();

/// Returns `chosen`, changed by the variables, with the directory filled in.
/// Errors: errc::environment for a variable that is malformed; errc::usage for a setting that is.
[[nodiscard]] result<cache_settings> effective_settings(const environment& variables,
                                                        cache_settings chosen);

/// Makes sure that the directory of the cache and the project's part of it are there and private.
/// Errors: as `private_directory::open`.
[[nodiscard]] result<void> make_cache(const cache_settings& settings,
                                      const os::purpose& purpose = using_the_cache);

} // namespace isolite::workers
