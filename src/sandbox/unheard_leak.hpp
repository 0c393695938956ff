#pragma once

#include <string>

namespace isolite::sandbox {

/// Writes a failure to stderr that has no caller to go to, and why, and lets the process exit with
/// status 1 where it would have exited with 0.
void report_unheard(const std::string& text, const char* why) noexcept;

/// Returns how often that has happened in this process.
[[nodiscard]] unsigned unheard_failures() noexcept;

} // namespace isolite::sandbox
