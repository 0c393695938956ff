#pragma once

#include <string>

namespace isolite::text {

enum class colour { red, green, yellow };

/// Returns a text in a colour, as terminals take it.
[[nodiscard]] std::string coloured(const std::string& text, colour chosen);

} // namespace isolite::text
