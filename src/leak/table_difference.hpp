#pragma once

#include "leak/schema_contents.hpp"

#include <map>
#include <string>
#include <vector>

struct sqlite3;

namespace isolite {

/// Returns the lines about each table that differs, by the name of the table. Virtual tables are
/// compared by what they show; the tables they keep it in only matter where that tells nothing.
[[nodiscard]] std::map<std::string, std::vector<std::string>>
difference_of_tables(sqlite3* connection, const schema_contents& before,
                     const schema_contents& now);

} // namespace isolite
