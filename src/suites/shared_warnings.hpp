#pragma once

#include "results/outcome.hpp"

#include <set>
#include <string>

namespace isolite::suites {

/// Lets workers that are forked from now on know what any of them has warned of.
void share_warnings();

/// Keeps, in a worker, what it warns of and no other one has.
void keep_shared_warnings();

/// Writes, in the parent, what workers have kept, but for what stands in the output of a case that
/// failed, which is shown.
void repeat_warnings(const std::set<std::string>& kept, const results::outcome& outcome);

} // namespace isolite::suites
