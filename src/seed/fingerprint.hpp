#pragma once

#include "seed/loaded_seed.hpp"

#include <string>

namespace isolite {

/// Names the content of the database that a seed makes: everything it depends on, as far as isolite
/// sees it. That is the texts of the seed in order, the names and versions of its steps, the source
/// id and compile-time options of SQLite, which decide page size, encoding and other defaults, and
/// the format of isolite's images. A seed that sets these itself does so in its texts.
/// Shape: 32 hexadecimal digits, the 128 bits of XXH3.
[[nodiscard]] std::string fingerprint_of(const loaded_seed& seed);

/// Returns why nobody can tell whether an image of the seed is still true, "" if one can.
[[nodiscard]] std::string why_private(const seed& seed);

} // namespace isolite
