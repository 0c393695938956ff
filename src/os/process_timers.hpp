#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace isolite::os {

/// What is left of each timer of the process, alarm() among them, and its interval; 0 for none.
using process_timers = std::array<std::int64_t, 6>;

/// Reads the timers. It takes system calls, so that fixtures do it, and not every session.
[[nodiscard]] process_timers read_timers() noexcept;

/// Says of each timer, by its name, whether it runs.
[[nodiscard]] std::vector<std::pair<const char*, bool>> timers_that_run();

/// Stops those that were not running, and starts those that were. Returns a clause for each, which
/// reads after "it".
[[nodiscard]] std::vector<std::string> restore_timers(const process_timers& found);

} // namespace isolite::os
