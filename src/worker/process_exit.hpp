#pragma once

#include <isolite/visibility.hpp>

#include <string>

namespace isolite::workers {

/// Ends this process past all handlers of `exit` that were not called yet, but not past what every
/// process owes: what it wrote is flushed, its slots are given up, coverage is written, and
/// LeakSanitizer is asked, which may choose another status.
[[noreturn]] ISOLITE_API void leave_process(int status) noexcept;

/// Calls a function when this process ends, by `exit` or by `leave_process`; and when a process
/// does that was forked from it.
void call_at_end(void (*function)());

/// Says whether a sanitizer watches this process.
[[nodiscard]] bool is_sanitized();

/// Says whether a sanitizer has reported something in this text.
[[nodiscard]] bool has_sanitizer_report(const std::string& text);

} // namespace isolite::workers
