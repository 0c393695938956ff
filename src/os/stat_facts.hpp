#pragma once

#include "os/files.hpp"

#include <dirent.h>
#include <sys/stat.h>

namespace isolite::os {

/// Translates what the operating system says of a file.
[[nodiscard]] file_facts facts_of(const struct stat& status) noexcept;

/// Reads an open directory to its end and closes it. Requires: may be null.
[[nodiscard]] std::vector<std::string> names_read_from(DIR* directory, int* failure);

} // namespace isolite::os
