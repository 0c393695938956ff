#pragma once

#include "os/high_descriptor.hpp"
#include "results/event.hpp"

#include <vector>

namespace isolite::run {

/// A file in memory to which one worker appends what happens, and which its parent reads when the
/// worker has ended: what was appended outlives a SIGKILL.
class journal {
  public:
    /// Errors: errc::system.
    [[nodiscard]] static result<journal> open();

    /// Appends events with one write. Returns false when they cannot be written: errno is EBADF
    /// when a test has closed the file, EFBIG at a limit of file sizes.
    [[nodiscard]] bool append(const std::vector<results::event>& events) const;

    /// Returns what was appended. An entry that a kill cut off is left out.
    [[nodiscard]] std::vector<results::event> read() const;

    /// Forgets everything.
    void clear() const;

    [[nodiscard]] const os::file_identity& identity() const { return file_.identity(); }

    /// Closes it in this process.
    void close() noexcept { file_.close(); }

  private:
    explicit journal(os::high_descriptor file) : file_(std::move(file)) {}

    os::high_descriptor file_;
};

} // namespace isolite::run
