#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace isolite::store::tests {

/// Random choices that are the same on every machine for the same seed.
class dice {
  public:
    explicit dice(std::uint64_t seed) : engine_(seed) {}

    /// Returns a number from 0 to `end` - 1.
    std::size_t below(std::size_t end) { return static_cast<std::size_t>(engine_() % end); }

    bool one_in(std::size_t chances) { return below(chances) == 0; }

    template <typename Value>
    const Value& one_of(const std::vector<Value>& values) {
        return values[below(values.size())];
    }

    /// Returns `count` random bytes.
    std::vector<std::byte> bytes(std::size_t count) {
        std::vector<std::byte> bytes(count);
        for (std::byte& byte : bytes) {
            byte = static_cast<std::byte>(below(256));
        }
        return bytes;
    }

  private:
    std::mt19937_64 engine_;
};

} // namespace isolite::store::tests
