#pragma once

#include "os/descriptor.hpp"
#include "os/file_identity.hpp"

#include <isolite/error.hpp>

#include <cstdint>
#include <optional>
#include <utility>

namespace isolite::os {

/// A file without a name, in memory, under a descriptor so high that a test which closes "all"
/// descriptors up to some number does not meet it. Closed at an exec.
class ISOLITE_API high_descriptor {
  public:
    /// Errors: errc::system.
    [[nodiscard]] static result<high_descriptor> open(const char* purpose);

    [[nodiscard]] const descriptor& file() const { return file_; }
    [[nodiscard]] int number() const { return file_.number(); }

    /// Returns what is known of the file; nothing if the number does not stand for it any more: a
    /// test may have closed all descriptors, and opened a file of its own since.
    [[nodiscard]] std::optional<file_facts> facts() const;

    [[nodiscard]] bool is_open() const { return facts().has_value(); }

    [[nodiscard]] const file_identity& identity() const { return identity_; }

    /// Closes it in this process.
    void close() noexcept { static_cast<void>(file_.close()); }

  private:
    high_descriptor(descriptor file, const file_facts& facts)
        : file_(std::move(file)), identity_{facts.device, facts.number} {}

    descriptor file_;
    file_identity identity_;
};

} // namespace isolite::os
