#pragma once

#include <cstddef>
#include <string>

namespace isolite::text {

/// Returns how many letters have to be inserted, deleted or replaced to make one of the other.
[[nodiscard]] std::size_t letters_between(const std::string& left, const std::string& right);

} // namespace isolite::text
