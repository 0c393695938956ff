#pragma once

#include "os/lock_file.hpp"
#include "worker/environment.hpp"

#include <string>

namespace isolite::workers {

inline constexpr os::purpose claiming_a_slot = {"claim a worker slot", "ISOLITE_RUNTIME_DIR"};

/// Returns the directory of this user in which the workers of all runs keep their locks.
///
/// It is ISOLITE_RUNTIME_DIR, else $XDG_RUNTIME_DIR/isolite if XDG_RUNTIME_DIR is a directory that
/// this user owns and may write to, else isolite-<uid> in TMPDIR or /tmp.
///
/// Errors: `errc::environment` for a relative path, which would mean another directory in every
///   worker.
[[nodiscard]] result<std::string> path_of_runtime_directory(const environment& variables);

/// Returns the same directory, and makes it if it is missing.
/// Errors: as above, and as `private_directory::open`.
[[nodiscard]] result<std::string> runtime_directory(const environment& variables);

} // namespace isolite::workers
