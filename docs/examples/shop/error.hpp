#pragma once

#include <stdexcept>

namespace shop {

/// Says in one sentence which rule of the shop a call would have broken.
/// Database failures that are no rule of the shop stay `SQLite::Exception`.
class error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

} // namespace shop
