#pragma once

#include <string>
#include <vector>

struct sqlite3;

namespace isolite {

/// Says in people's words how the database `now` differs from `before`, two schemas of one
/// connection. Only reads, and reads each row once; what cannot be compared gets a line that says
/// why, and does not keep the rest from being compared.
/// Shape: a line for each thing that differs, with lines of detail indented by two spaces; empty if
/// nothing differs. First tables, then indexes, triggers and views, sequences, and the header.
[[nodiscard]] std::vector<std::string> difference(sqlite3* connection, const std::string& before,
                                                  const std::string& now);

} // namespace isolite
