#pragma once

#include <string>

namespace isolite {

/// Returns what tells the program that runs from another build of it: the build ids of its file and
/// of all libraries that it has loaded, but those of the system (below /lib and /usr/lib). What has
/// no build id is told by its file: device, inode, size and times.
[[nodiscard]] std::string loaded_builds();

} // namespace isolite
