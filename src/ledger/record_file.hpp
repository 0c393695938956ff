#pragma once

#include "os/own_process.hpp"

#include <isolite/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace isolite {

/// A new file of lines that outlives the SIGKILL of its writer. Pieces of it are filled with
/// newlines and mapped, so that a line costs a copy, and the file is one of lines at any moment.
/// No descriptor stays open: tests close those of others.
/// Threads: one at a time. Processes: a forked child must not use its parent's.
class record_file {
  public:
    /// Makes STEM.jsonl in a directory, STEM-2.jsonl if that exists, and so on.
    /// Errors: errc::system.
    [[nodiscard]] static result<record_file> create(const std::string& directory,
                                                    const std::string& stem);

    /// Adds a line, which ends with a newline.
    /// Errors: errc::system when the disk is full, the file was removed or has 64 MiB. The file is
    ///   as it was.
    [[nodiscard]] result<void> append(std::string_view line);

    /// Gives back what was reserved at the end of the file. Lines may follow nevertheless.
    void trim() noexcept;

    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    record_file(std::string path, dev_t device, ino_t inode);
    [[nodiscard]] result<void> reserve(std::size_t bytes);
    [[nodiscard]] error failure(const std::string& what, int code) const;

    std::string path_;
    dev_t device_;
    ino_t inode_;
    std::size_t size_ = 0;     ///< of all lines
    std::size_t reserved_ = 0; ///< up to here newlines are written, and mapped
    char* mapped_ = nullptr;
    std::size_t mapped_from_ = 0; ///< the offset of the first mapped byte
};

} // namespace isolite
