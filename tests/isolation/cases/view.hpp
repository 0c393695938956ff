#pragma once

#include <string>

struct sqlite3;

namespace isolite {
class engine;
}

/// Returns the rows of a script as text, with the code and the text of an error where it ends in
/// one.
[[nodiscard]] std::string answer(sqlite3* connection, const std::string& sql);

/// Returns everything that a test can see of its database and of SQLite, a line each: through the
/// engine's connection, its kept statements and a further connection. It shares no knowledge with
/// the library about what a test can leave behind. It must be the first thing that a test does.
[[nodiscard]] std::string view(isolite::engine& engine);

/// Returns the first lines in which two views differ, "" when there are none.
[[nodiscard]] std::string difference(const std::string& seen, const std::string& wanted);
