#pragma once

#include "worker/environment.hpp"

#include <string>

namespace isolite::detail {

/// Says whether a path names the same file in every working directory.
[[nodiscard]] bool is_absolute(const std::string& path);

/// Returns the path of this program's file, "" if it is unknown: as it was when the program began,
/// since a build may replace the file, and a test may change the working directory.
[[nodiscard]] const std::string& program_path();

/// Returns where a link to a program's file leads, else the absolute path of what the program was
/// started as, or "" if nobody knows that either: in a sandbox /proc may be missing.
[[nodiscard]] std::string program_path_by(const std::string& link, const char* started_as);

/// Returns TMPDIR or /tmp. Shape: what the variable says, so it may be no absolute path.
[[nodiscard]] std::string temporary_directory(const environment& variables);

/// Returns the path of this user's directory in a temporary one, isolite-<uid>. Others may write to
/// the one around it: `private_directory` looks at whose it is. Requires: an absolute path.
[[nodiscard]] std::string own_directory_in(const std::string& temporary);

} // namespace isolite::detail
