#pragma once

#include <chrono>
#include <ctime>

namespace isolite::os {

/// Says whether `show_time` can do what it says here, by trying it in a child process: only on
/// x86-64, where the kernel answers in the process itself.
[[nodiscard]] bool can_show_other_time();

/// Lets the clock of this process, and of those that it forks, go on from another time: `time`,
/// `gettimeofday`, `clock_gettime` with CLOCK_REALTIME, and whatever asks these, such as
/// std::chrono::system_clock and SQLite, in C and C++, linked statically or not. Clocks that cannot
/// be set stay as they are, and so do the times of files, waiting until a time, and programs that
/// this one starts. Returns false where that cannot be done.
/// Threads: no other one may run when it is called first.
bool show_time(std::chrono::seconds since_1970);

/// Returns the time of the machine all the same, as files get it.
[[nodiscard]] std::timespec time_of_machine() noexcept;

} // namespace isolite::os
