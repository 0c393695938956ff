#pragma once

namespace isolite::os {

/// Lets a signal that asks the process to end do so with a word on stderr, until
/// `leave_early_stop`: before there are workers nobody waits for signals, and a history, a lock of
/// the cache or a seed may take its time. What the program ignores or handles itself stays so.
/// Processes: only this one says it, none that it forks.
void tell_early_stop();

/// Takes back what `tell_early_stop` did, if that was called.
void leave_early_stop();

} // namespace isolite::os
