#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace isolite::os {

/// Returns the paths of the files that begin with these bytes and that this process has open for
/// reading and writing, in no order; none where /proc is missing. No file is opened for that: to
/// close one frees the locks that the process has on it.
[[nodiscard]] std::vector<std::string> files_open_for_writing(std::string_view beginning);

} // namespace isolite::os
