#pragma once

#include "os/descriptor.hpp"

namespace isolite::os {

/// Makes a file without a name, in memory, closed at an exec. Its number is high, out of the way of
/// tests that close, or count on, the first few; it is a low one where there is no room, and then
/// errno says why. Returns none, and errno says why, if there is no such file.
[[nodiscard]] descriptor memory_file(const char* name) noexcept;

/// Returns the number from which on descriptors of memory files are taken.
[[nodiscard]] int lowest_of_memory_files() noexcept;

} // namespace isolite::os
