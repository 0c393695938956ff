#pragma once

#include "seed/seed_text.hpp"

namespace isolite {

/// Writes what the seed describes to an empty database, part by part, and holds one text at a time.
/// Returns the fingerprint of what was applied: a file may have changed since it was asked for.
/// Errors: errc::seed, which names the file, the line and the statement, or the step.
[[nodiscard]] result<std::string> apply(const seed& seed, SQLite::Database& database);

} // namespace isolite
