#pragma once

#include <string>

struct sqlite3;

namespace isolite::store {

/// Returns the statement that commits on a connection, "" when none is known.
/// Requires: the calling thread is inside of that connection's COMMIT.
[[nodiscard]] std::string committing_statement(sqlite3* connection);

/// Returns the statement that a connection is in the middle of, the one that writes where there are
/// several; "" when there is none, or when another thread is inside of a call on the connection.
[[nodiscard]] std::string unfinished_statement(sqlite3* connection);

} // namespace isolite::store
