#pragma once

#include <string>
#include <vector>

namespace isolite::text {

using table_row = std::vector<std::string>;

/// Where a cell stands in its column.
enum class alignment { left, right };

/// Returns lines with columns that are as wide as their widest cell and two blanks apart. What is
/// not shown as a character is escaped.
/// `alignments`: of the first columns; the others are aligned left.
[[nodiscard]] std::vector<std::string> table_lines(std::vector<table_row> rows,
                                                   const std::vector<alignment>& alignments = {});

/// Returns them as one text, with an end behind each.
[[nodiscard]] std::string table_text(std::vector<table_row> rows,
                                     const std::vector<alignment>& alignments = {});

} // namespace isolite::text
