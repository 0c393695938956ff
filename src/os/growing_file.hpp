#pragma once

#include "os/file_identity.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace isolite::os {

/// A new file that outlives the SIGKILL of its writer. Pieces of it are filled with newlines and
/// mapped, so that to append costs a copy. No descriptor stays open: tests close those of others.
/// Threads: one at a time. Processes: a forked child must not use its parent's.
class growing_file {
  public:
    /// What could not be done, "opening", and the code of errno for why.
    struct failure {
        const char* what;
        int code;
    };

    /// Makes a file. Returns nothing, and errno says why, if it cannot be made, or is there.
    [[nodiscard]] static std::optional<growing_file> make(const std::string& path);

    /// Makes room for so many bytes more, if there is not enough; it never has more than `most` of
    /// all together. If something fails, the file is as it was.
    [[nodiscard]] std::optional<failure> reserve(std::size_t bytes, std::size_t most) {
        return size_ + bytes > reserved_ ? grow(bytes, most) : std::nullopt;
    }

    /// Requires: there is room.
    void append(std::string_view bytes) noexcept;

    /// Gives back what was reserved at the end of the file. More may follow nevertheless.
    void trim() noexcept;

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

  private:
    growing_file(std::string path, const file_identity& identity);
    [[nodiscard]] std::optional<failure> grow(std::size_t bytes, std::size_t most);
    void unmap() noexcept;

    std::string path_;
    file_identity identity_;
    std::size_t size_ = 0;     ///< of what was appended
    std::size_t reserved_ = 0; ///< up to here newlines are written, and mapped
    char* mapped_ = nullptr;
    std::size_t mapped_from_ = 0; ///< the offset of the first mapped byte
};

} // namespace isolite::os
