#pragma once

#include <optional>

namespace isolite::os {

/// Returns how many columns the terminal has to which stderr goes, 0 where it does not say so;
/// nothing if stderr goes elsewhere, or the terminal cannot move its cursor.
[[nodiscard]] std::optional<unsigned> columns_of_stderr();

/// Says whether what goes to stderr may have colours. NO_COLOR forbids them, CLICOLOR_FORCE demands
/// them, CLICOLOR=0 does without; else it is what the terminal can.
/// Source: https://no-color.org, https://bixense.com/clicolors
[[nodiscard]] bool has_colours_on_stderr();

} // namespace isolite::os
