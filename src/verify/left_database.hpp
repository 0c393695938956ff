#pragma once

#include <string>

namespace isolite::verify {

/// Says whether a file is a database of SQLite, without opening it for SQLite.
[[nodiscard]] bool is_database(const std::string& path);

/// Says in a few words what a database file has that another one has not; without another one
/// (""), what rows it has. Returns "" if nothing differs, or it cannot be read.
/// Shape: "table settings: 1 row added: id=1, name='imported'".
[[nodiscard]] std::string what_was_left_in(const std::string& path, const std::string& before);

} // namespace isolite::verify
