#pragma once

#include "text/hexadecimal.hpp"

#include <cstddef>
#include <memory>
#include <new>
#include <string>

#include <xxhash.h>

namespace isolite::seeds {

/// The length of the text of a checksum.
inline constexpr std::size_t checksum_size = 32;

/// 128 bits of XXH3 over bytes that come in pieces: against accidents, not against forgery.
class checksum {
  public:
    checksum() : state_(XXH3_createState(), &XXH3_freeState) {
        if (!state_) {
            throw std::bad_alloc();
        }
        XXH3_128bits_reset(state_.get());
    }

    void add(const void* bytes, std::size_t count) {
        XXH3_128bits_update(state_.get(), bytes, count);
    }

    /// Returns the checksum of all that was added. Shape: 32 hexadecimal digits.
    [[nodiscard]] std::string text() const {
        XXH128_canonical_t sum{};
        XXH128_canonicalFromHash(&sum, XXH3_128bits_digest(state_.get()));
        return text::hexadecimal({reinterpret_cast<const char*>(sum.digest), sizeof sum.digest});
    }

  private:
    std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state_;
};

/// Returns the checksum of a text.
[[nodiscard]] inline std::string checksum_of(const std::string& text) {
    checksum sum;
    sum.add(text.data(), text.size());
    return sum.text();
}

} // namespace isolite::seeds
