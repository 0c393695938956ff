#pragma once

#include "store/file_lock.hpp"
#include "store/layered_file.hpp"

#include <mutex>
#include <vector>

namespace isolite::store {

/// One file of the VFS: its bytes in layers and its lock. Databases, journals and temporary files
/// are all stores; only databases get layers.
/// Threads: every function may be called from any thread.
class store {
  public:
    explicit store(std::shared_ptr<const image> base = nullptr) : file_(std::move(base)) {}
    store(const store&) = delete;
    store& operator=(const store&) = delete;

    // What SQLite asks of a file. `read`, `write` and `truncate` return false, and do nothing, for
    // a holder whose lock was revoked; `write` and `truncate` throw `std::bad_alloc`.

    /// Reads `count` bytes, zeros beyond the end; `available` says how many lie within the file.
    [[nodiscard]] bool read(const lock_holder& reader, std::uint64_t offset, std::byte* to,
                            std::size_t count, std::size_t& available);
    [[nodiscard]] bool write(const lock_holder& writer, std::uint64_t offset, const std::byte* from,
                             std::size_t count);
    [[nodiscard]] bool truncate(const lock_holder& writer, std::uint64_t size);
    [[nodiscard]] std::uint64_t size();
    [[nodiscard]] bool raise_lock(lock_holder& holder, lock_level wanted);
    void lower_lock(lock_holder& holder, lock_level wanted);

    /// Says whether the holder lost its lock to a discard and has not unlocked since.
    [[nodiscard]] bool revoked(const lock_holder& holder);

    /// Returns what `action` returns, or false without calling it if the holder lost its lock.
    /// No discard comes between. Requires: `action` uses other stores only.
    template <typename Action>
    [[nodiscard]] bool unless_revoked(const lock_holder& holder, Action action) {
        const std::lock_guard guard(mutex_);
        return !holder.revoked && action();
    }

    /// Tells a database which file is its rollback journal at present.
    void set_journal(const std::shared_ptr<store>& journal);

    [[nodiscard]] bool has_writer();
    void attach(lock_holder& holder);
    void detach(lock_holder& holder);

    // What a session asks of a database.

    /// Puts a layer on top of the content. Throws `std::bad_alloc`; there is no new layer then.
    /// Requires: no transaction that is still open has written to the file, or the half of it that
    /// is there becomes part of the checkpoint. Whoever holds a reserved lock knows that.
    void checkpoint();

    /// Returns the number of connections that hold a lock.
    [[nodiscard]] unsigned lock_holders();

    /// Returns how many pages differ from the last checkpoint, 0 when the database is clean. The
    /// bytes that count commits (the change counter, the schema cookie and the writer's version)
    /// do not count. Costs time in proportion to the pages touched. Requires: `depth() > 0`.
    [[nodiscard]] std::size_t changed_pages();

    /// Drops the uppermost layer. Connections that hold a lock lose it: their reads and writes
    /// fail until they unlock, and their journal is emptied, because the next connection would
    /// roll it back over the checkpoint. Every connection sees the checkpoint from its next
    /// transaction on.
    /// Needs no memory. Returns how many connections lost a lock. Requires: `depth() > 0`.
    /// Ensures: the bytes are those of the checkpoint but for the change counter, and for the
    /// schema cookie where the layer changed it or a writer lost its lock; these two only ever
    /// grow, because connections tell by them whether what they cached is still true.
    /// Source: https://www.sqlite.org/fileformat2.html#file_change_counter
    std::size_t discard();

    /// Drops the uppermost layer if that changes nothing for anyone: no page differs and nobody
    /// holds a lock. Returns whether it did. Requires: `depth() > 0`.
    [[nodiscard]] bool discard_if_clean();

    /// Returns the number of layers.
    [[nodiscard]] std::size_t depth();

    /// Returns the whole content.
    [[nodiscard]] std::shared_ptr<const image> freeze();

  private:
    // These require that the caller holds the mutex.
    [[nodiscard]] std::size_t count_changed_pages() const;
    void discard_layer(bool revoked, bool broken_off);
    void note_header();
    void renew_header();
    void stamp_header(bool cookie_changed);
    [[nodiscard]] std::uint32_t header_field(std::size_t offset) const noexcept;
    void set_header_field(std::size_t offset, std::uint32_t value);

    std::mutex mutex_;
    layered_file file_;
    file_lock lock_;
    std::vector<lock_holder*> holders_; // one for each open file
    std::weak_ptr<store> journal_;
    std::uint32_t highest_change_counter_ = 0;
    std::uint32_t highest_schema_cookie_ = 0;
    // The highest ones of the time when the database was last emptied by a discard.
    std::uint32_t spent_change_counter_ = 0;
    std::uint32_t spent_schema_cookie_ = 0;
};

} // namespace isolite::store
