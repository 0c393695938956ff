#pragma once

#include "store/database_header.hpp"
#include "store/file_lock.hpp"
#include "store/layered_file.hpp"
#include "store/wal_index.hpp"
#include "store/write_ahead_log.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

struct sqlite3;

namespace isolite::store {

struct open_file;

/// What one connection holds of a store.
struct holder : lock_holder {
    wal_index::user index;
    sqlite3* connection = nullptr; // null where it is not known
    bool shared = false;           // by several connections
    open_file* file = nullptr;     // that SQLite opened, null in tests of the store alone
    const char* journal = nullptr; // the names with which SQLite will open the files beside it
    const char* log = nullptr;
    std::string left_by;  // the test that ended without closing the connection
    bool cut_off = false; // its lock is revoked for good
    unsigned opened_in =
        0; // the session, 1 being the outermost; 0 is the program, or one that ended
    // The session that found it in the middle of something, 0 if none did; the outermost one where
    // it lost its locks to the session that was told of it, so that none around it is told again.
    unsigned busy_since = 0;

    /// Says whether it reads or writes at present. In WAL mode an idle connection keeps its shared
    /// lock on the file, and shows what it does by its locks on the index.
    [[nodiscard]] bool active() const noexcept {
        return index.attached ? index.active() || level > lock_level::shared
                              : level != lock_level::none;
    }

    [[nodiscard]] bool writes() const noexcept {
        return level > lock_level::shared || (index.exclusive & wal_index::writing) != 0;
    }

    /// Says whether it is in the middle of something, although its locks may be gone.
    [[nodiscard]] bool busy() const noexcept { return active() || (revoked && !cut_off); }
};

/// A transaction or a query of a connection that is not the owner's.
struct foreign_work {
    std::string sql;             ///< "" when it is not known, or no statement runs.
    std::string left_by;         ///< The test that left the connection open, "" when none did.
    bool in_transaction = false; ///< One that it began, and has not ended; false when not known.
};

/// A transaction that was committed.
struct commit : foreign_work {
    bool by_owner = false;
};

/// The two files of a database. The log is empty where SQLite's own VFS would have no file.
enum class part { database, wal };

/// One file of the VFS: its bytes in layers and its lock, and for a database in WAL mode the log
/// and its index. Databases, journals and temporary files are all stores; only databases get
/// layers.
/// Threads: every function may be called from any thread.
class store {
  public:
    explicit store(std::shared_ptr<const image> base = nullptr) : file_(std::move(base)) {}
    store(const store&) = delete;
    store& operator=(const store&) = delete;

    // What SQLite asks of a file. `read`, `write` and `truncate` return false, and do nothing, for
    // a holder whose lock was revoked; `write` and `truncate` throw `std::bad_alloc`.

    /// Reads `count` bytes, zeros beyond the end; `available` says how many lie within the file.
    [[nodiscard]] bool read(const holder& reader, part of, std::uint64_t offset, std::byte* to,
                            std::size_t count, std::size_t& available);
    [[nodiscard]] bool write(const holder& writer, part of, std::uint64_t offset,
                             const std::byte* from, std::size_t count);
    [[nodiscard]] bool truncate(const holder& writer, part of, std::uint64_t size);
    [[nodiscard]] std::uint64_t size(part of = part::database) {
        return locked([&] { return bytes(of).size(); });
    }
    [[nodiscard]] bool raise_lock(holder& raising, lock_level wanted);
    void lower_lock(holder& lowering, lock_level wanted);

    /// A connection that takes no locks is about to write. Returns false while another has one.
    [[nodiscard]] bool begin_unlocked_write(const holder& writer);

    /// Returns the rollback journal of a database. As a file it has no name of its own, so that it
    /// is apart from a database that is called as it would be.
    [[nodiscard]] std::shared_ptr<store> journal();

    /// Returns a number that no other file has or had. A file that a discard takes from a
    /// connection gets a new one.
    [[nodiscard]] std::uint64_t edition() { return copy_of(edition_); }

    /// Empties a journal or a log, as removing its file does, unless its edition is not the one
    /// that is expected. Returns false when it is empty or not emptied.
    bool clear(part of, std::optional<std::uint64_t> expected = {});

    [[nodiscard]] bool has_writer() {
        return locked([&] { return lock_.has_writer(); });
    }
    /// Notes the connection of a holder, unless several share it (SQLite's shared cache), any of
    /// which may be closed first.
    void set_connection(holder& asking, sqlite3* const* connection);
    /// Returns the open file beside which SQLite opens the one that it calls `name`, by the address
    /// of the name, or null.
    [[nodiscard]] open_file* beside(const char* name);
    void attach(holder& arriving);
    void detach(holder& leaving);
    /// Takes the file from an open connection for good; see the function `cut_off`.
    void cut_off(holder& losing);

    // What SQLite asks of shared memory; see `wal_index`.

    [[nodiscard]] std::byte* map_index(holder& mapping, std::size_t number, std::size_t size,
                                       bool extend);
    void unmap_index(holder& leaving) {
        locked([&] { index_.unmap(leaving.index); });
    }
    [[nodiscard]] bool lock_index(holder& locking, wal_index::lock_set wanted, bool exclusive);
    void unlock_index(holder& unlocking, wal_index::lock_set given_back);

    // What a session asks of a database.

    /// Names the connection on which tests work: what it writes outside of tests is kept.
    void set_owner(const holder* owner) {
        locked([&] { owner_ = owner; });
        has_owner_ = owner != nullptr;
    }

    /// Lets `settle` keep what any connection wrote between tests: for a database that code under
    /// test opens by path, set-up included.
    void keep_foreign_work() noexcept { keeps_foreign_work_ = true; }

    [[nodiscard]] bool keeps_foreign_work() const noexcept { return keeps_foreign_work_; }

    /// Says whether a connection may write and commit at present, in a transaction that is open or
    /// because it keeps its lock (PRAGMA locking_mode = EXCLUSIVE).
    [[nodiscard]] bool is_being_written();

    /// Returns how many connections have it open.
    [[nodiscard]] std::size_t count_open() const noexcept { return open_files_; }

    /// Returns how often a connection has opened it.
    [[nodiscard]] std::uint64_t count_openings() const noexcept { return openings_; }

    /// Puts a layer on top of the content. Returns false, and does nothing, while a transaction
    /// that is still open has written to the file: the half of it that is there would become part
    /// of the checkpoint. Errors: throws `std::bad_alloc`.
    [[nodiscard]] bool checkpoint();

    /// Says whether the owner holds a lock that a `rewind` will take, in a transaction or not.
    [[nodiscard]] bool owner_keeps_lock() {
        return locked([&] { return owner_ && is_in_the_way(*owner_); });
    }

    /// Says whether the owner is in the middle of a transaction that no statement began to write
    /// while commits were recorded: sqlite3_backup_step begins it so, over this database.
    [[nodiscard]] bool owner_restores() {
        return begun_by_backup_ && locked([&] { return owner_ && owner_->writes(); });
    }

    /// Says whether the owner has written since the last `rewind` or `settle`.
    [[nodiscard]] bool owner_wrote() { return copy_of(owner_wrote_); }

    /// Makes the database ready for a test: what was written since the last `rewind` is dropped,
    /// as `rewind` does, unless the owner wrote some of it, or foreign work is kept; then it
    /// becomes part of the checkpoint. Returns false as `checkpoint` does. Then the outermost
    /// session begins; see `begin_session`. Costs nothing where nothing was written. Requires:
    /// `depth() > 0`.
    [[nodiscard]] bool settle(bool records_commits = false);

    /// Notes that a transaction has just been committed, and who did it if that is recorded, or if
    /// it was a connection that an earlier test left open.
    void note_commit(const holder& committing);

    /// Says whether such a connection has committed something since recording began.
    [[nodiscard]] bool disturbed() const noexcept { return disturbed_; }

    /// Returns the first statement of another connection that the owner's transaction locked out
    /// while commits were recorded: "" when its text is not known, nothing when there was none.
    [[nodiscard]] std::optional<std::string> locked_out() {
        return has_locked_out_ ? copy_of(locked_out_) : std::nullopt;
    }

    /// Returns the first few commits that were recorded.
    [[nodiscard]] std::vector<commit> commits() { return copy_of(commits_); }

    /// Forgets them, once they have been told: a session around the one that ends has no part in
    /// them.
    void forget_commits();

    /// Returns what connections other than the owner's are in the middle of.
    [[nodiscard]] std::vector<foreign_work> foreign_work_in_progress();

    /// Notes that a session begins, inside of `session - 1` others, and what connections do now.
    /// Starts or stops recording commits; what was recorded before is forgotten.
    void begin_session(unsigned session, bool records_commits);

    /// Notes that it ends, and that its test has left the connections open which it opened, but for
    /// the owner's. Returns whether there are any. Requires: the owner is one of the connections.
    bool end_session(unsigned session, const std::string& test);

    /// Returns the number of connections that are in the middle of reading or writing.
    [[nodiscard]] std::size_t active_holders();

    /// Says whether a writer has lost its lock since the last rewind: it may have written half of
    /// its transaction.
    [[nodiscard]] bool broken_off() { return copy_of(broken_off_); }

    /// Returns how many pages differ from the last checkpoint, 0 when the database is clean. The
    /// bytes that count commits (the change counter, the schema cookie and the writer's version)
    /// and those that tell the journal mode do not count. Costs time in proportion to the pages
    /// touched. Requires: `depth() > 0`, and nothing in the log that its checkpoint did not have.
    [[nodiscard]] std::size_t changed_pages() {
        return locked([&] { return count_changed_pages(); });
    }

    /// Takes the locks of all connections that hold one: their reads and writes fail until they
    /// unlock, and their journal is emptied, because the next connection would roll it back over
    /// the checkpoint. Returns how many there were.
    std::size_t revoke_locks() {
        return locked([&] { return revoke_all(); });
    }

    /// Does the same to all connections but the owner.
    std::size_t revoke_foreign_locks() {
        return locked([&] { return revoke_all(owner_); });
    }

    /// Drops the uppermost layer, having revoked all locks. Every connection sees the checkpoint
    /// from its next transaction on.
    /// Needs no memory. Returns how many connections lost a lock. Requires: `depth() > 0`.
    /// Ensures: the bytes are those of the checkpoint but for the change counter, and for the
    /// schema cookie where the layer changed it or a writer lost its lock; these two only ever
    /// grow, because connections tell by them whether what they cached is still true. The journal
    /// mode stays WAL while any connection is still in it.
    /// Source: https://www.sqlite.org/fileformat2.html#file_change_counter
    std::size_t discard();

    /// Does so, but leaves the owner its lock where nothing was written since the checkpoint or the
    /// last `rewind`: a new one may keep it from its first reading on (PRAGMA locking_mode =
    /// EXCLUSIVE). Requires: the owner is in no transaction.
    void end_layer();

    /// Drops what the uppermost layer holds, as `discard` does, and keeps the layer.
    std::size_t rewind();

    /// Rewinds if nobody reads or writes, and no connection stayed in WAL mode against the
    /// checkpoint; and, if that is asked for, only if it changes nothing for anyone: no page
    /// differs, and the log was not written. Returns whether it did. Requires: `depth() > 0`.
    [[nodiscard]] bool rewind_quietly(bool only_if_clean);

    /// Returns how many pages were touched since the last checkpoint: those of the database and of
    /// its log that were written, or those that the rollback journal keeps, if these are more.
    /// Requires: `depth() > 0`.
    [[nodiscard]] std::size_t touched_pages();

    /// Says whether a `rewind` could not bring back the journal mode of the checkpoint, because a
    /// connection stayed in WAL mode.
    [[nodiscard]] bool kept_in_wal() const noexcept { return kept_in_wal_; }

    /// Cuts off the connections that keep the journal mode so and that this test or an earlier one
    /// has opened, and rewinds. Returns whether there were any.
    bool free_from_wal();

    /// Returns how often a layer that had changed the schema was dropped.
    [[nodiscard]] std::uint64_t schema_generation() const noexcept { return schema_generation_; }

    /// Returns how often anybody has changed the schema cookie.
    [[nodiscard]] std::uint64_t schema_cookies() const noexcept { return header_.cookies(); }

    /// Returns the number of layers.
    [[nodiscard]] std::size_t depth() {
        return locked([&] { return file_.depth(); });
    }

    /// Returns the whole content of the file; what the log holds is not in it.
    [[nodiscard]] std::shared_ptr<const image> freeze() {
        return locked([&] { return file_.freeze(); });
    }

    /// Returns the content of the file at the last checkpoint. Requires: `depth() > 0`.
    [[nodiscard]] std::shared_ptr<const image> freeze_checkpoint() {
        return locked([&] { return file_.freeze_checkpoint(); });
    }

    /// Returns the same without copying what the image has, and with what the log held. The fields
    /// of its header that say nothing of the content are those of the image. Requires: `depth() >
    /// 0`.
    [[nodiscard]] file_content content_of_checkpoint();

  private:
    template <typename Body>
    auto locked(Body body) -> decltype(body()) {
        const std::lock_guard guard(mutex_);
        return body();
    }

    template <typename Value>
    Value copy_of(const Value& member) {
        const std::lock_guard guard(mutex_);
        return member;
    }

    // These require that the caller holds the mutex.
    [[nodiscard]] layered_file& bytes(part of) noexcept {
        return of == part::database ? file_ : wal_;
    }
    [[nodiscard]] bool touched() const noexcept { return file_.touched() || wal_.touched(); }
    /// Says whether a layer cannot be dropped without taking the connection's locks.
    [[nodiscard]] bool is_in_the_way(const holder& each) const noexcept;
    /// Says whether the layer can be dropped unseen.
    [[nodiscard]] bool is_idle() const noexcept;
    void begin(unsigned session, bool records_commits) noexcept;
    [[nodiscard]] std::size_t count_changed_pages() const;
    void prepare_layer();
    void put_layer() noexcept;
    void renew_layer() noexcept;
    void note_locked_out(const holder& refused);
    void note_begun(const holder& writing, bool may_restore);
    void revoke(holder& losing);
    std::size_t revoke_all(const holder* spared = nullptr);
    void take_from(holder& losing);
    void forget(const holder& gone) noexcept;
    void drop_layer(bool stamped);
    void renew_wal(bool new_cookie);
    void renew_editions();
    void clear_journal();
    void settle_journal_mode();
    /// Says whether nobody is left in the WAL mode that the checkpoint does not have.
    [[nodiscard]] bool mode_returns() const noexcept { return kept_in_wal_ && index_.users() == 0; }
    void enter_wal_mode(holder& entering) noexcept;
    void lower(holder& lowering, lock_level wanted) noexcept;

    [[nodiscard]] static std::uint64_t next_edition() noexcept;

    std::mutex mutex_;
    std::uint64_t edition_ = next_edition();
    layered_file file_;
    database_header header_{file_};
    layered_file wal_;
    write_ahead_log log_{wal_};
    file_lock lock_;
    wal_index index_;
    std::vector<holder*> holders_; // one for each open file
    // Their number but for those that were cut off, to be asked without the mutex.
    std::atomic<std::size_t> open_files_{0};
    std::atomic<std::uint64_t> openings_{0};
    const holder* owner_ = nullptr;
    std::atomic<bool> has_owner_{false};
    std::atomic<bool> keeps_foreign_work_{false};
    std::shared_ptr<store> journal_; // null until it is asked for
    std::vector<commit> commits_;
    std::optional<std::string> locked_out_;
    std::atomic<unsigned> session_{0}; // the innermost that is open, counted from 1
    bool records_commits_ = false;
    std::atomic<bool> has_locked_out_{false};
    std::atomic<bool> disturbed_{false};
    std::atomic<bool> begun_by_backup_{false}; // the transaction that the owner last began to write
    bool half_written_ = false;                // by the connection that holds the writer's lock
    bool owner_wrote_ = false;                 // since the last rewind
    bool broken_off_ = false;                  // a writer lost its lock since the last rewind
    std::atomic<std::uint64_t> schema_generation_{0};
    std::atomic<bool> kept_in_wal_{false}; // the header says WAL only for connections in that mode
};

} // namespace isolite::store
