#pragma once

#include <optional>
#include <string>

namespace isolite::paths {

/// Reads a name that SQLite would have taken for a URI of isolite's if it took URIs. Returns what
/// it means as a full name; "" where that cannot be served, which is said on stderr; nothing for
/// any other name.
[[nodiscard]] std::optional<std::string> take_as_uri(const std::string& name);

} // namespace isolite::paths
