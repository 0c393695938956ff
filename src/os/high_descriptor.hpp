#pragma once

#include <isolite/error.hpp>

#include <sys/stat.h>

namespace isolite::os {

/// A file without a name, in memory, under a descriptor so high that a test which closes "all"
/// descriptors up to some number does not meet it. Closed at an exec.
class ISOLITE_API high_descriptor {
  public:
    /// Errors: errc::system.
    [[nodiscard]] static result<high_descriptor> open(const char* purpose);

    high_descriptor(high_descriptor&& other) noexcept;
    high_descriptor& operator=(high_descriptor&& other) noexcept;
    ~high_descriptor();

    [[nodiscard]] int number() const { return number_; }

    /// Says whether the number still stands for the file: a test may have closed all descriptors,
    /// and opened a file of its own since.
    [[nodiscard]] bool is_open() const;

  private:
    high_descriptor(int number, const struct stat& file);

    int number_;
    dev_t device_;
    ino_t file_;
};

} // namespace isolite::os
