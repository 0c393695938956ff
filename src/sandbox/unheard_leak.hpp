#pragma once

#include <string>

namespace isolite {

/// Writes a failure to stderr that has no caller to go to, because a destructor found it, and lets
/// the process exit with status 1 where it would have exited with 0.
void report_unheard(const std::string& text) noexcept;

} // namespace isolite
