#pragma once

#include <isolite/visibility.hpp>

#include <string>

namespace isolite::os {

/// Returns the path of the program or the library that has this address, as it was loaded; "" where
/// none has.
[[nodiscard]] ISOLITE_API std::string loaded_file_at(const void* address);

/// Returns where the library that has this address has the function `name`; null where it has none
/// of its own, and for the program.
[[nodiscard]] ISOLITE_API void* function_beside(const void* address, const char* name);

} // namespace isolite::os
