#pragma once

#include "os/high_descriptor.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace isolite::run {

/// Catches what a worker writes to stdout and stderr, in a file that its parent can read.
class output_capture {
  public:
    /// Errors: errc::system.
    [[nodiscard]] static result<output_capture> open();

    /// Throws away what was caught, or is still in a stream, and points stdout and stderr here,
    /// also when a test has closed or moved them. A closed stdin is opened again, empty.
    void begin() const noexcept;

    /// Does the same where nothing was caught, and nothing is left in a stream. The file is there.
    void begin_empty() const noexcept;

    /// Throws away what was caught.
    void clear() const noexcept;

    /// Pushes out what the streams of C and C++ still hold. Returns whether all of it went out.
    static bool flush() noexcept;

    /// Returns how much was caught; nothing when a test has closed the file.
    [[nodiscard]] std::optional<std::uint64_t> size() const;

    /// Returns what was caught: of very much, the beginning and the end.
    [[nodiscard]] std::string text() const;

    [[nodiscard]] const os::file_identity& identity() const { return file_.identity(); }

    /// Closes it in this process.
    void close() noexcept { file_.close(); }

  private:
    explicit output_capture(os::high_descriptor file) : file_(std::move(file)) {}

    os::high_descriptor file_;
};

} // namespace isolite::run
