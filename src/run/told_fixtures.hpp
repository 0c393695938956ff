#pragma once

#include "ledger/ledger.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace isolite::run {

/// Returns the fixtures that a worker tells its parent of as one field of an event.
[[nodiscard]] std::string packed(const std::vector<told_fixture>& told);

/// Returns them again. Requires: `packed` made the field.
[[nodiscard]] std::vector<told_fixture> unpacked(std::string_view field);

/// Adds fixtures to what a run cost: those that were in a case, which is `test`, and those before.
void add(account& costs, const std::vector<told_fixture>& told, const std::string& test);

} // namespace isolite::run
