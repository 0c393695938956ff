#pragma once

#include <isolite/error.hpp>

#include <string>
#include <vector>

namespace isolite::warnings {

/// Writes "isolite: TEXT" to stderr, without what would command a terminal.
ISOLITE_API void complain(const std::string& text);

/// Writes "isolite: warning: cannot MESSAGE" and the hint to stderr, once a process for a message,
/// or for what is wrong with a path.
ISOLITE_API void warn_once(const error& problem);

/// Keeps what `warn_once` writes from now on, too: what a forked worker writes to stderr is read
/// only where a case fails.
void keep_warnings();

/// Returns what was kept since the last call. Costs next to nothing where that is nothing.
[[nodiscard]] std::vector<std::string> take_kept_warnings();

} // namespace isolite::warnings
