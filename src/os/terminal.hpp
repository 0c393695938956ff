#pragma once

#include <optional>

namespace isolite::os {

/// Returns how many columns the terminal has to which stderr goes, 0 where it does not say so;
/// nothing if stderr goes elsewhere, or the terminal cannot move its cursor.
[[nodiscard]] std::optional<unsigned> columns_of_stderr();

} // namespace isolite::os
