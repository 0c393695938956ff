#pragma once

#include "store/store.hpp"

#include <sqlite3.h>

#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace isolite::store {

/// What SQLite holds for each file it opened. SQLite provides the memory.
struct open_file : sqlite3_file {
    /// The content of a log is that of its database. `main` is the name of a main database as
    /// SQLite passes it, null for other files.
    open_file(std::string its_name, std::shared_ptr<store> file, part which,
              open_file* its_database, sqlite3_filename main = nullptr)
        : sqlite3_file{}, name(std::move(its_name)), content(std::move(file)), of(which),
          database(its_database) {
        if (main) { // before others can see it
            lock.file = this;
            lock.journal = sqlite3_filename_journal(main);
            lock.log = sqlite3_filename_wal(main);
            takes_no_locks = sqlite3_uri_boolean(main, "nolock", 0) != 0;
        }
        if (of == part::database) { // a log goes by the lock of its database
            content->attach(lock);
        }
    }
    ~open_file() {
        if (of == part::database) {
            content->detach(lock);
        }
    }
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;

    std::string name; // "" for a temporary file
    std::shared_ptr<store> content;
    part of;
    holder lock;
    bool delete_on_close = false;
    bool takes_no_locks = false;  // nolock=1, for the database or what lies beside it
    bool keeps_log = false;       // SQLITE_FCNTL_PERSIST_WAL
    sqlite3_int64 mmap_limit = 0; // PRAGMA mmap_size, which is kept and without effect
    open_file* database;          // that a journal or a log belongs to, else null
};

[[nodiscard]] inline open_file& from(sqlite3_file* file) {
    return *static_cast<open_file*>(file);
}

/// Returns the database whose lock the calling thread asked for last, if it is called `name`.
[[nodiscard]] open_file* last_locked(std::string_view name) noexcept;

/// Returns a connection's side of the database that it has as `schema`, or null when that is not
/// a database of this VFS.
[[nodiscard]] const holder* holder_of(sqlite3* connection, const char* schema) noexcept;

/// Returns the store that a connection has as `schema`, or null, without taking a lock of it.
[[nodiscard]] const store* store_of(sqlite3* connection, const char* schema) noexcept;

/// Takes from a connection, for good, all files of this VFS that it has open. Whoever still uses
/// the connection (a statement, a BLOB handle, a backup) may do so and reaches nobody: it fails as
/// after a revoked lock, also once it has unlocked, until the connection is closed. What it has
/// cached it may read until it unlocks. No store counts it any more, and a transaction that it had
/// half written is rolled back as after a crash.
/// Requires: a schema of the connection is not used by others through SQLite's shared cache.
void cut_off(sqlite3* connection) noexcept;

/// Counts how often anybody has set SQLITE_FCNTL_PERSIST_WAL.
[[nodiscard]] unsigned count_switched() noexcept;

/// A connection that takes no locks is about to write a database, or a file beside it. Returns
/// false while another one has a lock: what that one finds from then on would depend on what it has
/// cached, and both write the same journal.
/// Source: https://www.sqlite.org/uri.html#urinolock
[[nodiscard]] bool begin_unlocked_write(open_file& file);

/// Does so for any connection, and asks nothing where it takes locks.
[[nodiscard]] inline bool begin_write(open_file& file) {
    return !file.takes_no_locks || begin_unlocked_write(file);
}

/// What SQLite calls to work on an `open_file`.
[[nodiscard]] const sqlite3_io_methods& file_methods() noexcept;

/// Returns the edition in which the calling thread closed the journal or the log `name`, 0 if it
/// was not its own any more, or nothing if that is not the file that the thread closed last.
/// A connection that closes a file to delete it may lose it to another one between the two.
[[nodiscard]] std::optional<std::uint64_t> take_closed(std::string_view name) noexcept;

/// Runs `body` and turns what it throws into a result code; no exception may reach SQLite.
template <typename Body>
int guarded(Body body) noexcept {
    try {
        return body();
    } catch (const std::bad_alloc&) {
        return SQLITE_IOERR_NOMEM;
    } catch (const std::exception&) {
        return SQLITE_FULL; // std::length_error: larger than the memory can address
    }
}

} // namespace isolite::store
