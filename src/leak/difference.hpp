#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

struct sqlite3;

namespace isolite::leak {

/// How two databases differ.
struct described_difference {
    /// A line for each thing that differs, with lines of detail indented by two spaces; empty if
    /// nothing differs. First tables, then indexes, triggers and views, sequences, and the header.
    std::vector<std::string> lines;
    /// The rows that were added, removed or changed, in tables that both have.
    std::size_t rows = 0;
    /// A number of all that differs, also of what no line shows: equal where both databases are.
    std::uint64_t digest = 0;
};

/// Whether the rows of a table that is only in `now` are told, or only that it was added.
enum class new_tables { by_name, with_rows };

/// Says in people's words how the database `now` differs from `before`, two schemas of one
/// connection. Only reads, and reads each row once; what cannot be compared gets a line that says
/// why, and does not keep the rest from being compared.
[[nodiscard]] described_difference difference(sqlite3* connection, const std::string& before,
                                              const std::string& now,
                                              new_tables told = new_tables::by_name);

} // namespace isolite::leak
