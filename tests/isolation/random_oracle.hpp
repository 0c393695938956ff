#pragma once

#include "random_world.hpp"

#include <map>
#include <string>

/// Everything that a test can see, section by section.
using testimony = std::map<std::string, std::string>;

/// Looks at everything: through `db()`, kept statements, and a connection that had no part in
/// anything. It shares no knowledge with the library about what a test can leave behind.
[[nodiscard]] testimony look(world& w);

/// Returns the lines that differ, each behind its section, but for sections of which the name is
/// in `hidden`.
[[nodiscard]] std::string difference(const testimony& before, const testimony& now,
                                     const std::string& hidden = {});

/// The names of sections that are not looked at, to search past what is known.
[[nodiscard]] std::string& hidden_sections();
