#pragma once

#include <isolite/visibility.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace isolite::os {

/// Returns the path of the program or the library that has this address, as it was loaded; "" where
/// none has.
[[nodiscard]] ISOLITE_API std::string loaded_file_at(const void* address);

/// Returns where the library that has this address has the function `name`; null where it has none
/// of its own, and for the program.
[[nodiscard]] ISOLITE_API void* function_beside(const void* address, const char* name);

/// Says whether a library of this name is one of the system's.
[[nodiscard]] bool is_of_the_system(std::string_view name) noexcept;

/// Returns how often a file was loaded by this process; cheap.
[[nodiscard]] ISOLITE_API unsigned long long count_loaded() noexcept;

/// The program or a library.
struct loaded_file {
    std::string path;
    std::size_t code_size;                   ///< bytes
    std::vector<std::string_view> read_only; ///< what it has in memory that nobody may write

    [[nodiscard]] bool has(const void* address) const noexcept;
    [[nodiscard]] bool has(std::string_view bytes) const noexcept;
};

/// Returns those files which are wanted. Requires: `is_wanted` loads none, does not look for
/// addresses or functions of one, and does not throw.
[[nodiscard]] ISOLITE_API std::vector<loaded_file>
find_loaded_files(const std::function<bool(const loaded_file&)>& is_wanted);

} // namespace isolite::os
