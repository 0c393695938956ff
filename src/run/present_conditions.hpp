#pragma once

#include "run/condition.hpp"

#include <vector>

namespace isolite::run {

/// Lets these conditions hold in this process from now on. Connections of SQLite that are open
/// already do not notice.
/// Threads: no other one may run.
void enter(const std::vector<condition>& conditions);

/// Lets the clock, SQLite's random numbers and memory begin where their condition says: a case
/// begins.
/// Costs next to nothing where there is none.
void begin_in_conditions() noexcept;

} // namespace isolite::run
