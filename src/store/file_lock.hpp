#pragma once

#include <atomic>

namespace isolite::store {

/// The lock levels of SQLite, with the values of SQLITE_LOCK_NONE and its kin.
/// Source: https://www.sqlite.org/lockingv3.html
enum class lock_level { none = 0, shared = 1, reserved = 2, pending = 3, exclusive = 4 };

/// One connection's side of a file's lock.
struct lock_holder {
    lock_level level = lock_level::none;
    /// Set when the lock was taken away by force. The holder's reads and writes fail until it
    /// unlocks, so that a pager never mixes what it cached with what came after.
    /// Its journal asks too, under a mutex of its own: this is set before the journal is emptied.
    std::atomic<bool> revoked = false;
};

/// The lock of one file among the connections of this process, with SQLite's own rules: many
/// readers, one of whom may be preparing to write; a writer that waits keeps new readers out.
/// Threads: none of its own; `store` guards it.
class file_lock {
  public:
    /// Raises the holder's level to `wanted`: shared, reserved or exclusive.
    /// Returns false when another connection stands in the way. A reserved holder that could not
    /// become exclusive then stays pending, as in SQLite's own VFS.
    [[nodiscard]] bool raise(lock_holder& holder, lock_level wanted) noexcept;

    /// Lowers the holder's level to shared or none.
    void lower(lock_holder& holder, lock_level wanted) noexcept;

    /// Says whether somebody keeps others from raising their level to `wanted`.
    [[nodiscard]] bool is_kept_by(const lock_holder& somebody, lock_level wanted) const noexcept {
        return writer_ == &somebody ||
               (wanted == lock_level::exclusive && somebody.level != lock_level::none);
    }

    /// Says whether any connection is reserved, pending or exclusive.
    [[nodiscard]] bool has_writer() const noexcept { return writer_ != nullptr; }

    /// Returns how many connections hold any lock.
    [[nodiscard]] unsigned holders() const noexcept { return readers_; }

  private:
    unsigned readers_ = 0;          // holders at shared or above
    lock_holder* writer_ = nullptr; // the one holder above shared
};

} // namespace isolite::store
