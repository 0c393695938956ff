#pragma once

#include <string>

namespace isolite::os {

/// Returns "SIGINT" for 2.
[[nodiscard]] std::string name_of_signal(int signal);

} // namespace isolite::os
