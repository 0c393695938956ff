#pragma once

#include "ledger/account.hpp"

#include <string>
#include <vector>

namespace isolite::records {

/// Returns the line of a worker, without a full stop.
[[nodiscard]] std::string line_of(const worker_account& worker);

/// Returns "slowest tests:" and a line for each, the slowest first; nothing if there are none.
[[nodiscard]] std::vector<std::string> slowest_lines(const char* what,
                                                     const std::vector<slow_thing>& things);

/// Returns lines about the fixtures: what sharing them saved, the slowest, and a table of all, or
/// of the 40 that took longest.
[[nodiscard]] std::vector<std::string> lines_of(const account& account);

/// Returns a line for each seed that is not shared.
[[nodiscard]] std::vector<std::string> lines_of_seeds_alone(const account& account);

/// Returns what a process says of itself. Shape: lines, the first begins with "isolite: ".
[[nodiscard]] std::string paragraph_of(const account& account, const worker_account& process);

} // namespace isolite::records
