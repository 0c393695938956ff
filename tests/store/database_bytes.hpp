#pragma once

#include "store/store.hpp"

#include <string>
#include <vector>

namespace isolite::store::tests {

/// What a discard may leave different from the checkpoint.
struct tolerance {
    bool schema_cookie = false;
    bool journal_mode = false;
};

[[nodiscard]] std::vector<std::byte> bytes_of(store& file);

/// Returns the content of a file on the disk, nothing when there is none.
[[nodiscard]] std::vector<std::byte> bytes_on_disk(const std::string& name);

/// Puts a file on the disk; without bytes, none.
void put_on_disk(const std::string& name, const std::vector<std::byte>& bytes);

/// Returns the schema cookie in the header of a database.
[[nodiscard]] std::uint32_t cookie_of(const std::vector<std::byte>& database);

/// Returns the database with those fields of its header blanked which may differ: always those
/// that count commits.
[[nodiscard]] std::vector<std::byte> without_counters(std::vector<std::byte> database,
                                                      const tolerance& tolerated);

/// Says what a discard did to the header that it must not do, "" when there is nothing.
[[nodiscard]] std::string fault_of_counters(const std::vector<std::byte>& before,
                                            const std::vector<std::byte>& now);

/// Says where two databases, or two dumps of one, begin to differ.
[[nodiscard]] std::string first_difference(const std::vector<std::byte>& one,
                                           const std::vector<std::byte>& other);
[[nodiscard]] std::string first_difference(const std::vector<std::string>& one,
                                           const std::vector<std::string>& other);

} // namespace isolite::store::tests
