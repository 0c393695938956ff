#pragma once

#include "os/private_directory.hpp"

#include <string>

namespace isolite::workers {

/// Makes a directory of this name in this user's own one in TMPDIR, to which nobody else may write.
/// Returns its path. Errors: as `private_directory::open`.
[[nodiscard]] result<std::string> make_own_directory(const std::string& name,
                                                     const os::purpose& purpose);

} // namespace isolite::workers
