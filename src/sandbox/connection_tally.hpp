#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

struct sqlite3;

namespace isolite::sandbox {

/// What tells whether code that ran on a connection changed rows, a schema or a setting, whatever
/// else is going on there. Two that are equal say that it did not.
struct connection_tally {
    /// Counts on a connection. It takes no lock. `schema_changes` is what its watch has counted.
    connection_tally(sqlite3* connection, std::uint64_t schema_changes);

    /// Says whether it reads what a PRAGMA without a schema sets. The watch counts all others, be
    /// it that they set what is set.
    [[nodiscard]] static bool reads(const char* pragma);

    [[nodiscard]] bool operator!=(const connection_tally& other) const;

  private:
    std::uint64_t schema_changes_;
    int rows_;        // that were ever written
    bool is_writing_; // in a transaction, be it no rows
    bool is_outside_; // of any transaction that was begun
    std::vector<int> switches_;
    std::vector<std::optional<std::string>> settings_;
};

} // namespace isolite::sandbox
