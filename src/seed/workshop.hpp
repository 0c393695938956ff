#pragma once

#include "seed/image_file.hpp"

#include <isolite/error.hpp>
#include <isolite/seed.hpp>

namespace isolite::seeds {

/// Writes what the seed describes to an empty database, part by part, and holds one text at a time.
/// Returns the fingerprint of what was applied: a file may have changed since it was asked for.
/// Errors: errc::seed, which names the file, the line and the statement, or the step.
[[nodiscard]] result<std::string> apply(const seed& seed, SQLite::Database& database);

/// Applies a seed to an empty database in memory and returns the finished bytes, how long that
/// took, and what was applied. Errors: errc::seed, errc::database.
[[nodiscard]] result<seeded_image> build_image(const seed& seed);

} // namespace isolite::seeds
