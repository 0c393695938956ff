#pragma once

#include "worker/environment.hpp"

#include <isolite/cache_settings.hpp>

namespace isolite {

/// Returns what `use_cache` said last, else the defaults.
[[nodiscard]] const cache_settings& chosen_cache();

/// Returns `chosen`, changed by the variables, with the directory filled in.
/// Errors: errc::environment for a variable that is malformed; errc::usage for a setting that is.
[[nodiscard]] result<cache_settings> effective_settings(const detail::environment& variables,
                                                        cache_settings chosen);

} // namespace isolite
