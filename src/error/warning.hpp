#pragma once

#include <isolite/error.hpp>

#include <string>

namespace isolite::warnings {

/// Writes "isolite: TEXT" to stderr, without what would command a terminal.
ISOLITE_API void complain(const std::string& text);

/// Writes "isolite: warning: cannot MESSAGE" and the hint to stderr, once a process for a message,
/// or for what is wrong with a path.
ISOLITE_API void warn_once(const error& problem);

} // namespace isolite::warnings
