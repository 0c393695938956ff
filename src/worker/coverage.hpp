#pragma once

#include <isolite/coverage.hpp>

#include <string>

namespace isolite::workers {

/// Forgets what was counted in this process so far: after a fork, what the parent keeps.
void forget_coverage();

/// Writes what was counted, where tools look for it.
void write_coverage();

/// Returns what was counted and is not written from now on, for `add_coverage` of the parent; "" if
/// each process is to write its own. LLVM has one file for a program, which several processes that
/// write at once would spoil.
[[nodiscard]] std::string coverage_for_parent();

/// Adds what another process of this program has counted.
void add_coverage(const std::string& counted);

} // namespace isolite::workers
