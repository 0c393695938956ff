#pragma once

#include "leak/cell.hpp"

#include <string>
#include <string_view>

namespace isolite {

/// Returns a name such that it stays on one line, whatever characters it consists of.
[[nodiscard]] std::string one_line(std::string_view name);

/// Returns a value as an SQL literal on one line. A long text or blob is cut and its length said;
/// what has no place on a line is escaped as in C++.
[[nodiscard]] std::string text_of(const cell& value);

/// Returns two values as "old -> new". Of long ones that begin alike, the part where they differ.
[[nodiscard]] std::string text_of_change(const cell& before, const cell& now);

} // namespace isolite
