#pragma once

#include <string>

namespace isolite::os {

/// The machine, as it calls itself. Texts are empty where nobody knows.
struct host {
    std::string name;
    std::string system; ///< with its release and the processor: "Linux 6.1.0 x86_64"
    unsigned cores = 0; ///< that this process may use
};

[[nodiscard]] host this_host();

/// Returns the working directory, "" if it was removed.
[[nodiscard]] std::string working_directory();

} // namespace isolite::os
