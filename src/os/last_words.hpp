#pragma once

namespace isolite::os {

/// Calls `say` once when a signal is about to end this process, which then ends of it as it would
/// have.
/// `say` runs in a handler of signals: it may take no memory and wait for no lock, which whoever
/// crashed may hold. Signals about which something else is done are left alone, but for those of a
/// sanitizer, if there is one: it hears of the crash next.
/// Processes: a child of this one ends as it would have, and says nothing.
void say_before_death(void (*say)(), bool is_sanitized);

} // namespace isolite::os
