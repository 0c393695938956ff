#pragma once

#include <isolite/error.hpp>

namespace isolite::run {

/// A file without a name, in memory, under a descriptor so high that a test which closes "all"
/// descriptors up to some number does not meet it. Closed at an exec.
class high_descriptor {
  public:
    /// Errors: errc::system.
    [[nodiscard]] static result<high_descriptor> open(const char* purpose);

    high_descriptor(high_descriptor&& other) noexcept;
    high_descriptor& operator=(high_descriptor&& other) noexcept;
    ~high_descriptor();

    [[nodiscard]] int number() const { return number_; }

  private:
    explicit high_descriptor(int number) : number_(number) {}

    int number_;
};

} // namespace isolite::run
