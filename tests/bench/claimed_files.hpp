#pragma once

#include "figure.hpp"

namespace bench {

/// Databases that are opened by path, claimed and not.
std::vector<figure> claimed_files();

} // namespace bench
