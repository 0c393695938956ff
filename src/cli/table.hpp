#pragma once

#include <string>
#include <vector>

namespace isolite::cli {

using table_row = std::vector<std::string>;

/// Returns lines with columns that are as wide as their longest cell and two blanks apart.
[[nodiscard]] std::string table_text(const std::vector<table_row>& rows);

} // namespace isolite::cli
