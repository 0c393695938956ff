#pragma once

#include "sqlite.hpp"

namespace hostel {

/// The version of the schema that this program works with.
inline constexpr int schema_version = 4;

/// Brings a database to `schema_version`, each step in a transaction of its own. An empty database
/// is version 0. Errors: `database_error`; one that is newer than the program.
void migrate(connection& db);

} // namespace hostel
