#pragma once

#include <isolite/visibility.hpp>

#include <string>
#include <string_view>

namespace isolite {

/// Returns what the tests and fixtures of this process cost so far, for a person to read: tables as
/// `--timings` shows them at the end of a suite. Shape: lines, the first of which begins with
/// "isolite: "; "" when there was neither a session nor any other fixture.
/// Threads: any.
[[nodiscard]] ISOLITE_API std::string ledger_summary(std::string_view worker);

} // namespace isolite
