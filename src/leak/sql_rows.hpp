#pragma once

#include <string>
#include <vector>

struct sqlite3;

namespace isolite {

/// Runs statements, ignoring what they return; the caller looks at what it changed.
void run(sqlite3* connection, const std::string& sql);

/// Returns the rows of a query as text, NULL as the word. What fails returns no rows.
[[nodiscard]] std::vector<std::vector<std::string>> rows(sqlite3* connection,
                                                         const std::string& sql);

/// Returns the first column of the first row as text, or nothing.
[[nodiscard]] std::string first_value(sqlite3* connection, const std::string& sql);

} // namespace isolite
