#pragma once

#include "os/shared_memory.hpp"
#include "results/event.hpp"
#include "text/packed.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace isolite::run {

/// Memory to which one worker appends what happens, and which its parent reads when the worker has
/// ended: what was appended outlives a SIGKILL. It takes no descriptor, which a test could close.
class journal {
  public:
    static constexpr std::size_t usual_bytes = std::size_t(256) << 20;

    /// `most` bytes take no memory before they are used. Errors: errc::system.
    [[nodiscard]] static result<journal> open(std::size_t most = usual_bytes);

    /// Appends an event and those before it, all of them or none, and takes no memory. Returns
    /// false when there is no room for them.
    [[nodiscard]] bool append(const results::event& last,
                              const std::vector<results::event>& before = {});

    /// Appends an event whose value is packed where it is to lie.
    [[nodiscard]] bool append(std::uint8_t kind, const text::to_pack& value) noexcept;

    /// Says whether another process should begin a new one: there is room for what a case may say.
    [[nodiscard]] bool is_half_full() const noexcept { return size_ > memory_.size() / 2; }

    /// Visits what was appended, in order. What a kill cut off is left out. Returns false where
    /// something has written over it, and then leaves out all from there on: a test may write
    /// anywhere.
    [[nodiscard]] bool read(const std::function<void(results::event)>& visit) const;

    /// Visits what was appended from a place on, which its process may go on to do, as far as
    /// nothing has written over it. Returns the place of what comes next.
    [[nodiscard]] std::size_t
    visit_from(std::size_t place,
               const std::function<void(std::uint8_t kind, std::string_view value)>& visit) const;

    /// Forgets everything.
    void clear() noexcept;

    /// Closes it in this process.
    void close() noexcept { memory_.close(); }

  private:
    explicit journal(os::shared_memory memory) : memory_(std::move(memory)) {}

    os::shared_memory memory_;
    std::size_t size_ = 0; ///< of what this process has appended
};

} // namespace isolite::run
