#pragma once

#include <isolite/error.hpp>
#include <isolite/visibility.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace isolite::os {

/// Memory without a name that a process shares with those that it forks.
class ISOLITE_API shared_memory {
  public:
    /// Takes up to `most` bytes, of which none is used before it is written to: fewer where memory
    /// is limited, so that tests find enough of it. Errors: errc::system.
    [[nodiscard]] static result<shared_memory> up_to(std::size_t most);

    shared_memory(shared_memory&& other) noexcept
        : bytes_(std::exchange(other.bytes_, nullptr)), size_(other.size_) {}
    shared_memory& operator=(shared_memory&& other) noexcept;
    ~shared_memory() { close(); }

    [[nodiscard]] char* bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Gives back what was written to, for all processes: it is zero again.
    void clear() const noexcept;

    /// Does without it in this process.
    void close() noexcept;

  private:
    shared_memory(char* bytes, std::size_t size) : bytes_(bytes), size_(size) {}

    char* bytes_;
    std::size_t size_;
};

/// Returns an object, zero at first, that this process shares with those that it forks from now on;
/// null where there is no memory for it. It is never destroyed.
template <typename Object>
[[nodiscard]] Object* make_shared_with_forks() {
    static_assert(std::is_trivially_destructible_v<Object>);
    auto memory = shared_memory::up_to(sizeof(Object));
    if (!memory || memory->size() < sizeof(Object)) {
        return nullptr;
    }
    static auto* const kept = new shared_memory(*std::move(memory)); // one of each type
    return reinterpret_cast<Object*>(kept->bytes());
}

} // namespace isolite::os
