#pragma once

#include "os/descriptor.hpp"

#include <cstddef>
#include <cstdint>

namespace isolite::os {

/// The bytes of a file, in memory, to read only. The descriptor stays open, and with it its lock.
class mapped_file {
  public:
    mapped_file(descriptor file, std::uint64_t bytes) noexcept;
    ~mapped_file();
    mapped_file(const mapped_file&) = delete;
    mapped_file& operator=(const mapped_file&) = delete;

    /// Returns null, and errno says why, if mapping the file failed.
    [[nodiscard]] const std::byte* bytes() const noexcept { return start_; }

    [[nodiscard]] const descriptor& file() const noexcept { return file_; }

  private:
    descriptor file_;
    std::uint64_t size_;
    const std::byte* start_;
};

} // namespace isolite::os
