#pragma once

#include "worker/environment.hpp"
#include "worker/lock_file.hpp"

#include <string>

namespace isolite::detail {

/// Finds and creates the directory of this user in which the workers of all runs keep their locks.
///
/// It is ISOLITE_RUNTIME_DIR, else $XDG_RUNTIME_DIR/isolite if XDG_RUNTIME_DIR is a directory that
/// this user owns and may write to, else isolite-<uid> in TMPDIR or /tmp.
///
/// Errors: as `make_private_directory`; `errc::environment` for a relative path, which would mean
///   another directory in every worker.
[[nodiscard]] result<std::string> runtime_directory(const environment& variables);

/// Makes sure that `path` is a directory of this user that nobody else may write to.
///
/// Errors: `errc::system` if it cannot be made, is a symbolic link or something else, belongs to
///   someone else, or may be written by others. Somebody may have put it there in /tmp before us.
[[nodiscard]] result<void> make_private_directory(const std::string& path,
                                                  const purpose& purpose = claiming_a_slot);

} // namespace isolite::detail
