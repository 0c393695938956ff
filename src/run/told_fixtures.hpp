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

} // namespace isolite::run
