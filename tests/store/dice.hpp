#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace isolite::store::tests {

/// Random choices that are the same on every machine for the same seed.
class dice {
  public:
    explicit dice(std::uint64_t seed) : engine_(seed) {}

    /// Takes the choices from bytes, as a fuzzer makes them: as few as a choice needs. Behind their
    /// end all choices are 0. Lifetime: the bytes outlive it.
    explicit dice(std::string_view bytes) : from_bytes_(true), bytes_(bytes) {}

    /// Returns a number from 0 to `end` - 1.
    std::size_t below(std::size_t end) {
        return static_cast<std::size_t>((from_bytes_ ? of_bytes(end) : engine_()) % end);
    }

    /// Says whether there are bytes left for more choices.
    [[nodiscard]] bool has_bytes() const { return !bytes_.empty(); }

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
    std::uint64_t of_bytes(std::size_t end) {
        std::uint64_t number = 0;
        for (std::size_t most = end - 1; most > 0 && !bytes_.empty(); most >>= 8U) {
            number = number << 8U | static_cast<unsigned char>(bytes_.front());
            bytes_.remove_prefix(1);
        }
        return number;
    }

    std::mt19937_64 engine_;
    bool from_bytes_ = false;
    std::string_view bytes_;
};

} // namespace isolite::store::tests
