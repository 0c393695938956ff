#pragma once

#include "os/high_descriptor.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace isolite::run {

/// Catches what a worker writes to stdout and stderr, in a file that its parent can read.
class output_capture {
  public:
    /// `kept`: where to note from where on in the file something is of the present, if what was
    /// caught before is to stay; null: it goes. Lifetime: longer than this object.
    /// Errors: errc::system.
    [[nodiscard]] static result<output_capture> open(std::atomic<std::uint64_t>* kept = nullptr);

    /// Throws away what was caught, or is still in a stream, and points stdout and stderr here,
    /// also when a test has closed or moved them. A closed stdin is opened again, empty.
    void begin() const noexcept;

    /// Does the same where nothing was caught, and nothing is left in a stream. The file is there.
    void begin_empty() const noexcept;

    /// Throws away what was caught, or is still in a stream, and leaves stdin, stdout and stderr as
    /// they are.
    void begin_as_left() const noexcept;

    /// Points those of stdout and stderr here that lead to another capture.
    void take_over(const output_capture& other) const noexcept;

    /// Throws away what was caught, or lets it be of the past.
    void clear() const noexcept;

    /// Pushes out what the streams of C and C++ still hold. Returns whether all of it went out.
    static bool flush() noexcept;

    /// Returns how much was caught; nothing when a test has closed the file.
    [[nodiscard]] std::optional<std::uint64_t> size() const;

    /// Returns what was caught: of very much, the beginning and the end.
    [[nodiscard]] std::string text() const;

    /// Returns what was caught from a place on, whatever it belongs to.
    [[nodiscard]] std::string from(std::uint64_t place) const;

    [[nodiscard]] const os::file_identity& identity() const { return file_.identity(); }

    /// Closes it in this process.
    void close() noexcept { file_.close(); }

  private:
    output_capture(os::high_descriptor file, std::atomic<std::uint64_t>* kept)
        : file_(std::move(file)), kept_(kept) {}

    [[nodiscard]] std::uint64_t start() const { return kept_ == nullptr ? 0 : kept_->load(); }

    os::high_descriptor file_;
    std::atomic<std::uint64_t>* kept_;
};

} // namespace isolite::run
