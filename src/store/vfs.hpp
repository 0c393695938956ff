#pragma once

#include <isolite/error.hpp>

#include <string>
#include <string_view>

namespace isolite::store {

/// The name of the VFS in a URI: `file:NAME?vfs=isolite`.
inline constexpr const char* vfs_name = "isolite";

/// Makes SQLite know the VFS, beside its default one. May be called again.
/// Errors: errc::database when SQLite cannot be initialised.
[[nodiscard]] result<void> register_vfs();

/// The most bytes of a name. SQLite itself stops a little above.
inline constexpr std::size_t longest_name = 1000;

/// Returns why a database of the VFS cannot have a name, in words like "it is empty", or "" when it
/// can. Names like `sales-journal` are good ones, beside a database `sales` too.
[[nodiscard]] std::string why_unusable(const std::string& name);

/// Returns the name of a file of the VFS by what SQLite tells of it, as `sqlite3_db_filename` does.
/// That has something in front with which no other VFS can open it, nor make a file by mistake.
[[nodiscard]] std::string_view short_name(std::string_view full) noexcept;

/// Returns the name with that in front.
[[nodiscard]] std::string marked_name(std::string_view name);

/// Returns the URI of a file of the VFS; what has a meaning in URIs is escaped.
[[nodiscard]] std::string uri_of(const std::string& name);

} // namespace isolite::store
