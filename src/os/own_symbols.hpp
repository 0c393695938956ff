#pragma once

#include <isolite/visibility.hpp>

#include <string_view>

namespace isolite::os {

/// Returns where this process has a function or an object that no other file may name, by its name
/// in the table of symbols of the program or of a library that is loaded. Null where no table has
/// it: `strip` removes it.
[[nodiscard]] ISOLITE_API void* own_symbol(std::string_view name);

} // namespace isolite::os
