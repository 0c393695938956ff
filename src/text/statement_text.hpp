#pragma once

#include <string>
#include <string_view>

namespace isolite::text {

/// Returns a statement as messages quote it: on one line, without comments and the semicolon, and
/// cut when it is long.
[[nodiscard]] std::string statement_text(std::string_view sql);

} // namespace isolite::text
