#pragma once

#include <isolite/error.hpp>
#include <isolite/one_sqlite.hpp>

namespace isolite::store {

/// Fails where code that includes isolite's headers and isolite itself call two SQLites: a program
/// with a hidden copy of its own, say.
/// Errors: errc::usage. Threads: safe.
[[nodiscard]] result<void> check_one_sqlite();

} // namespace isolite::store
