#pragma once

#include <isolite/error.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

namespace isolite::warnings {

/// Writes "isolite: TEXT" to stderr, without what would command a terminal.
ISOLITE_API void complain(const std::string& text);

/// Writes "isolite: warning: cannot MESSAGE" and the hint to stderr, once a process for a message,
/// for what is wrong with a path, and for what the system refuses: a directory for a reason, or a
/// full disk and a limit of the process wherever that shows.
ISOLITE_API void warn_once(const error& problem);

/// What workers that share this memory have warned of, zero at first.
using causes_of_all = std::array<std::atomic<std::size_t>, 64>;

/// Keeps what `warn_once` writes from now on, too: what a forked worker writes to stderr is read
/// only where a case fails. Each cause is told by one worker, if `of_workers` is not null.
void keep_warnings(causes_of_all* of_workers = nullptr);

/// Writes what another process has kept, likewise once.
void repeat_once(const std::string& text);

/// Returns what was kept since the last call. Costs next to nothing where that is nothing.
[[nodiscard]] std::vector<std::string> take_kept_warnings();

} // namespace isolite::warnings
