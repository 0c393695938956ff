#pragma once

#include "os/shared_region.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace isolite::store {

/// The wal-index of one database: memory that all connections in WAL mode share, and its locks.
/// Source: https://www.sqlite.org/walformat.html#the_wal_index_file_format
/// Threads: none of its own; `store` guards it.
class wal_index {
  public:
    /// SQLITE_SHM_NLOCK.
    static constexpr unsigned lock_count = 8;

    /// One bit for each lock.
    using lock_set = std::uint8_t;

    /// The lock of the one who writes.
    static constexpr lock_set writing = 1;
    /// The lock of those who read the database alone, since all of the log has been copied to it.
    static constexpr lock_set reading_database = 1 << 3;

    /// One connection's side of the index.
    struct user {
        lock_set shared = 0;
        lock_set exclusive = 0;
        /// Locks that were taken away and that the connection still believes to hold.
        lock_set lost = 0;
        std::vector<std::unique_ptr<os::shared_region::view>> views; // in the order of the regions
        bool attached = false;

        [[nodiscard]] bool active() const noexcept { return (shared | exclusive) != 0; }
    };

    /// Returns the memory of region `number`, null when there is none and `extend` is not set.
    /// All regions are of one size. Errors: throws `std::bad_alloc`.
    [[nodiscard]] std::byte* map(user& mapping, std::size_t number, std::size_t size, bool extend);

    /// Ends a connection's use. The last one takes the memory with it.
    void unmap(user& leaving) noexcept;

    /// Returns the number of connections that use the index.
    [[nodiscard]] unsigned users() const noexcept { return users_; }

    /// Takes the locks, or none of them when another connection stands in the way. Nobody is to
    /// read the database alone unless all of the log is copied now: SQLite asks that before it has
    /// the lock, and then whether the header of the index is still the same, which it may be after
    /// a discard that has undone the copy.
    [[nodiscard]] bool lock_shared(user& locking, lock_set wanted) noexcept;
    [[nodiscard]] bool lock_exclusive(user& locking, lock_set wanted) noexcept;
    void unlock(user& unlocking, lock_set given_back) noexcept;

    /// Takes all locks of a connection away; what it writes into the index reaches nobody, until
    /// it has given back all that it believes to hold.
    void revoke(user& losing) noexcept;

    /// Does so for good: the connection is no user any more, and the memory that it sees stays
    /// its own.
    void cut_off(user& losing) noexcept;

    /// Makes the next connection build the index anew from the file.
    void invalidate() noexcept;

  private:
    void leave(user& leaving) noexcept;
    [[nodiscard]] bool log_is_copied() const noexcept;

    std::vector<std::unique_ptr<os::shared_region>> regions_;
    unsigned users_ = 0;
    std::array<unsigned, lock_count> shared_{}; // connections that hold each lock shared
    lock_set exclusive_ = 0;
};

} // namespace isolite::store
