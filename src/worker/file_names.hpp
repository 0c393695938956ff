#pragma once

#include "worker/environment.hpp"

#include <string>

namespace isolite::workers {

/// Says whether a path names the same file in every working directory.
[[nodiscard]] bool is_absolute(const std::string& path);

/// Returns TMPDIR or /tmp. Shape: what the variable says, so it may be no absolute path.
[[nodiscard]] std::string temporary_directory(const environment& variables);

/// Returns the path of this user's directory in a temporary one, isolite-<uid>. Others may write to
/// the one around it: `private_directory` looks at whose it is. Requires: an absolute path.
[[nodiscard]] std::string own_directory_in(const std::string& temporary);

} // namespace isolite::workers
