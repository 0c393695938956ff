#pragma once

#include "os/lock_file.hpp"
#include "worker/environment.hpp"

#include <string>

namespace isolite::detail {

inline constexpr os::purpose claiming_a_slot = {"claim a worker slot", "ISOLITE_RUNTIME_DIR"};

/// Finds and creates the directory of this user in which the workers of all runs keep their locks.
///
/// It is ISOLITE_RUNTIME_DIR, else $XDG_RUNTIME_DIR/isolite if XDG_RUNTIME_DIR is a directory that
/// this user owns and may write to, else isolite-<uid> in TMPDIR or /tmp.
///
/// Errors: as `private_directory::open`; `errc::environment` for a relative path, which would mean
///   another directory in every worker.
[[nodiscard]] result<std::string> runtime_directory(const environment& variables);

} // namespace isolite::detail
