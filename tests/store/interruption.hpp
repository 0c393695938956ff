#pragma once

#include <cstddef>
#include <functional>

namespace isolite::store::tests {

/// The name of a VFS that does what ours does, and lets a test act before each of its calls.
inline constexpr const char* interrupted_vfs = "isolite-interrupted";

/// Makes SQLite know it. May be called again.
void register_interrupted_vfs();

/// Acts once, before the `at`-th call (from 0) that SQLite makes of `interrupted_vfs` while it
/// lives: what another thread does in that moment, but without the luck that it takes to hit it.
/// Threads: one at a time.
class interruption {
  public:
    interruption(std::size_t at, std::function<void()> action);
    ~interruption();
    interruption(const interruption&) = delete;
    interruption& operator=(const interruption&) = delete;

    /// Says whether there were so many calls.
    [[nodiscard]] static bool happened();
};

} // namespace isolite::store::tests
