#pragma once

#include <string>
#include <vector>

struct sqlite3;

namespace isolite::leak {

/// Says whether a deferred foreign key is violated in the transaction that is open. Takes constant
/// time. Source: https://www.sqlite.org/c3ref/c_dbstatus_options.html
[[nodiscard]] bool has_unresolved_keys(sqlite3* connection) noexcept;

/// Returns a clause for each of the first few rows that violate a foreign key, which reads after
/// "it". Those that `before` has too, a connection that does not see what this one wrote, are left
/// out; null where there is none. Takes time in proportion to the tables with foreign keys.
[[nodiscard]] std::vector<std::string> unresolved_keys(sqlite3* connection, sqlite3* before);

} // namespace isolite::leak
