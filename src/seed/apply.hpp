#pragma once

#include "seed/loaded_seed.hpp"

namespace isolite {

/// Writes what the seed describes to an empty database, part by part.
/// Errors: errc::seed, which names the file, the line and the statement, or the step.
[[nodiscard]] result<void> apply(const loaded_seed& seed, SQLite::Database& database);

} // namespace isolite
