#pragma once

#include "os/growing_file.hpp"

#include <isolite/error.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace isolite::records {

/// A new file of lines, which is one of lines at any moment, also when its writer is killed.
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
    void trim() noexcept { file_.trim(); }

    [[nodiscard]] const std::string& path() const { return file_.path(); }

  private:
    explicit record_file(os::growing_file file) : file_(std::move(file)) {}

    os::growing_file file_;
};

} // namespace isolite::records
