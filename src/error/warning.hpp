#pragma once

#include <isolite/error.hpp>

namespace isolite {

/// Writes "isolite: warning: cannot MESSAGE" and the hint to stderr, once a process for a message,
/// or for what is wrong with a path.
void warn_once(const error& problem);

} // namespace isolite
