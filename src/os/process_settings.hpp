#pragma once

#include <string>
#include <vector>

namespace isolite::os {

/// Something that a process, or the thread that asks, has one of, and that tests may change for
/// those after them.
struct process_setting {
    std::string name; ///< reads after "the"
    std::string value;
};

/// Returns all that isolite knows of, always in the same order: umask and locale, limits, users,
/// how it is scheduled, timers, and how it calculates. Costs some 30 system calls.
/// Threads: others that make files meanwhile may do so with another umask.
[[nodiscard]] std::vector<process_setting> settings_of_process();

} // namespace isolite::os
