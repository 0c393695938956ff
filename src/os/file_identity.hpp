#pragma once

#include <cstdint>

namespace isolite::os {

/// Which file it is, by whatever name or descriptor.
struct file_identity {
    std::uint64_t device = 0;
    std::uint64_t file = 0;
};

[[nodiscard]] constexpr bool operator==(const file_identity& one, const file_identity& other) {
    return one.device == other.device && one.file == other.file;
}

} // namespace isolite::os
