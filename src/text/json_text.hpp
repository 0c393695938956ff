#pragma once

#include <string>
#include <string_view>

namespace isolite::text {

/// Returns a text as JSON writes it, in quotes. Shape: one line. Bytes that are no UTF-8 become
/// `?`.
[[nodiscard]] std::string json_text(std::string_view text);

} // namespace isolite::text
