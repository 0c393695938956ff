#pragma once

#include "leak/difference.hpp"
#include "leak/schema_contents.hpp"

#include <map>
#include <string>

struct sqlite3;

namespace isolite {

/// Returns how each table differs that does, by the name of the table. Virtual tables are
/// compared by what they show; the tables they keep it in only matter where that tells nothing.
[[nodiscard]] std::map<std::string, described_difference>
difference_of_tables(sqlite3* connection, const schema_contents& before,
                     const schema_contents& now);

} // namespace isolite
