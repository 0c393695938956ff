#pragma once

#include <isolite/error.hpp>

#include <string>

namespace isolite::store {

/// The name of the VFS in a URI: `file:NAME?vfs=isolite`.
inline constexpr const char* vfs_name = "isolite";

/// Makes SQLite know the VFS, beside its default one. May be called again.
/// Errors: errc::database when SQLite cannot be initialised.
[[nodiscard]] result<void> register_vfs();

/// Returns the URI of a file of the VFS; what has a meaning in URIs is escaped.
[[nodiscard]] std::string uri_of(const std::string& name);

} // namespace isolite::store
