#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <xxhash.h>

namespace isolite {

/// The length of the text of a checksum.
inline constexpr std::size_t checksum_size = 32;

/// 128 bits of XXH3 over bytes that come in pieces: against accidents, not against forgery.
class checksum {
  public:
    checksum();

    void add(const void* bytes, std::size_t count);

    /// Returns the checksum of all that was added. Shape: 32 hexadecimal digits.
    [[nodiscard]] std::string text() const;

  private:
    std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state_;
};

/// Returns the checksum of a text.
[[nodiscard]] std::string checksum_of(const std::string& text);

} // namespace isolite
