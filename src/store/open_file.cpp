#include "store/open_file.hpp"

#include "store/directory.hpp"
#include "store/vfs.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

// SQLite's calls on one file, forwarded to its store. Source: https://www.sqlite.org/vfs.html

namespace isolite::store {

namespace {

/// Nothing in it has to be destroyed: connections in static variables are closed after that would
/// have happened.
struct closed_file {
    std::array<char, longest_name + 1> name;
    std::size_t length = 0;
    std::uint64_t edition = 0;
};

std::atomic<unsigned> switched{0};
thread_local closed_file last_closed;
thread_local open_file* last_locked_file = nullptr;

/// The connection's side of the lock by which a file is read and written: a journal or a log goes
/// by that of its database, and may be another connection's once that is lost.
holder& lock_of(open_file& file) {
    return file.database ? file.database->lock : file.lock;
}

int file_close(sqlite3_file* raw) {
    return guarded([raw] {
        open_file& file = from(raw);
        last_locked_file = last_locked_file == &file ? nullptr : last_locked_file;
        if (file.delete_on_close) {
            directory::of_process().remove(file.name);
        }
        if (file.database) {
            const std::uint64_t edition = file.content->edition();
            const bool is_own = !lock_of(file).revoked && begin_write(file);
            last_closed.length = file.name.copy(last_closed.name.data(), last_closed.name.size());
            last_closed.edition = is_own ? edition : 0;
        }
        file.~open_file();
        return SQLITE_OK;
    });
}

int file_read(sqlite3_file* raw, void* to, int count, sqlite3_int64 offset) {
    open_file& file = from(raw);
    const auto wanted = static_cast<std::size_t>(count);
    std::size_t available = 0;
    const bool done = file.content->read(lock_of(file), file.of, static_cast<std::uint64_t>(offset),
                                         static_cast<std::byte*>(to), wanted, available);
    if (!done) {
        return SQLITE_IOERR_READ;
    }
    return available == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int file_write(sqlite3_file* raw, const void* data, int count, sqlite3_int64 offset) {
    return guarded([&] {
        open_file& file = from(raw);
        const bool done = begin_write(file) &&
                          file.content->write(
                              lock_of(file), file.of, static_cast<std::uint64_t>(offset),
                              static_cast<const std::byte*>(data), static_cast<std::size_t>(count));
        return done ? SQLITE_OK : SQLITE_IOERR_WRITE;
    });
}

int file_truncate(sqlite3_file* raw, sqlite3_int64 size) {
    return guarded([&] {
        open_file& file = from(raw);
        const bool done =
            begin_write(file) &&
            file.content->truncate(lock_of(file), file.of, static_cast<std::uint64_t>(size));
        return done ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
    });
}

int file_size(sqlite3_file* raw, sqlite3_int64* size) {
    open_file& file = from(raw);
    *size = static_cast<sqlite3_int64>(file.content->size(file.of));
    // Only after: what is asked first may be what the file has become.
    return lock_of(file).revoked ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

int file_lock(sqlite3_file* raw, int level) {
    return guarded([&] {
        open_file& file = from(raw);
        last_locked_file = &file;
        if (file.content->raise_lock(file.lock, static_cast<lock_level>(level))) {
            return SQLITE_OK;
        }
        // Busy would let SQLite wait, and nothing but this connection's own unlock can help it.
        return file.lock.revoked ? SQLITE_IOERR_LOCK : SQLITE_BUSY;
    });
}

int file_unlock(sqlite3_file* raw, int level) {
    open_file& file = from(raw);
    file.content->lower_lock(file.lock, static_cast<lock_level>(level));
    return SQLITE_OK;
}

int file_check_reserved_lock(sqlite3_file* raw, int* reserved) {
    *reserved = from(raw).content->has_writer();
    return SQLITE_OK;
}

/// Sets a switch to 0 or 1, and answers a question, which is negative.
int answer_switch(bool& value, int& wanted) {
    if (wanted < 0) {
        wanted = value;
    } else {
        value = wanted != 0;
    }
    return SQLITE_OK;
}

/// Sets the limit of mapped memory unless it is negative, and answers with the one before, as
/// SQLite's own VFS does.
int exchange_limit(sqlite3_int64& limit, sqlite3_int64& wanted) {
    constexpr sqlite3_int64 most = 0x7fff0000;
    const sqlite3_int64 before = limit;
    limit = wanted < 0 ? limit : std::min(wanted, most);
    wanted = before;
    return SQLITE_OK;
}

int file_control(sqlite3_file* raw, int operation, void* argument) {
    open_file& file = from(raw);
    switch (operation) {
    case SQLITE_FCNTL_LOCKSTATE:
        *static_cast<int*>(argument) = static_cast<int>(file.lock.level);
        return SQLITE_OK;
    case SQLITE_FCNTL_VFSNAME:
        *static_cast<char**>(argument) = sqlite3_mprintf("%s", vfs_name);
        return SQLITE_OK;
    case SQLITE_FCNTL_HAS_MOVED:
        *static_cast<int*>(argument) = !file.name.empty() && !file.database &&
                                       directory::of_process().find(file.name) != file.content;
        return SQLITE_OK;
    case SQLITE_FCNTL_PERSIST_WAL:
        switched += *static_cast<int*>(argument) >= 0 ? 1 : 0;
        return answer_switch(file.keeps_log, *static_cast<int*>(argument));
    case SQLITE_FCNTL_MMAP_SIZE:
        return exchange_limit(file.mmap_limit, *static_cast<sqlite3_int64*>(argument));
    case SQLITE_FCNTL_PDB:
        file.content->set_connection(file.lock, static_cast<sqlite3**>(argument));
        return SQLITE_OK;
    case SQLITE_FCNTL_COMMIT_PHASETWO:
        return guarded([&] {
            file.content->note_commit(file.lock);
            return SQLITE_OK;
        });
    default:
        return SQLITE_NOTFOUND;
    }
}

int file_device_characteristics(sqlite3_file* /*file*/) {
    // Memory keeps the order of writes and tears none of them: SQLite then saves itself the
    // padding of journals to whole sectors and the second write of their headers.
    return SQLITE_IOCAP_SAFE_APPEND | SQLITE_IOCAP_SEQUENTIAL | SQLITE_IOCAP_POWERSAFE_OVERWRITE |
           SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN;
}

int file_shm_map(sqlite3_file* raw, int region, int size, int extend, void volatile** memory) {
    return guarded([&] {
        open_file& file = from(raw);
        *memory = file.content->map_index(file.lock, static_cast<std::size_t>(region),
                                          static_cast<std::size_t>(size), extend != 0);
        return *memory || extend == 0 ? SQLITE_OK : SQLITE_IOERR_SHMMAP;
    });
}

int file_shm_lock(sqlite3_file* raw, int first, int count, int flags) {
    open_file& file = from(raw);
    const auto locks = static_cast<wal_index::lock_set>(((1U << count) - 1) << first);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        file.content->unlock_index(file.lock, locks);
        return SQLITE_OK;
    }
    return guarded([&] {
        if (file.content->lock_index(file.lock, locks, (flags & SQLITE_SHM_EXCLUSIVE) != 0)) {
            return SQLITE_OK;
        }
        return file.lock.revoked ? SQLITE_IOERR_SHMLOCK : SQLITE_BUSY;
    });
}

int file_shm_unmap(sqlite3_file* raw, int /*delete_memory*/) {
    from(raw).content->unmap_index(from(raw).lock);
    return SQLITE_OK;
}

/// Says that the page is not mapped, so that SQLite reads it. Mapping is offered at all because
/// SQLite else forgets what PRAGMA mmap_size sets.
int file_fetch(sqlite3_file* /*file*/, sqlite3_int64 /*offset*/, int /*count*/, void** page) {
    *page = nullptr;
    return SQLITE_OK;
}

constexpr sqlite3_io_methods methods = {
    3, // iVersion
    file_close,
    file_read,
    file_write,
    file_truncate,
    [](sqlite3_file*, int) { return SQLITE_OK; }, // xSync
    file_size,
    file_lock,
    file_unlock,
    file_check_reserved_lock,
    file_control,
    [](sqlite3_file*) { return 512; }, // xSectorSize
    file_device_characteristics,
    file_shm_map,
    file_shm_lock,
    [](sqlite3_file*) { std::atomic_thread_fence(std::memory_order_seq_cst); }, // xShmBarrier
    file_shm_unmap,
    file_fetch,
    [](sqlite3_file*, sqlite3_int64, void*) { return SQLITE_OK; }, // xUnfetch
};

/// Returns the file that a connection has open as `schema`, or null if it is not one of this VFS.
open_file* opened_as(sqlite3* connection, const char* schema) noexcept {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(connection, schema, SQLITE_FCNTL_FILE_POINTER, &file);
    return file && file->pMethods == &methods ? &from(file) : nullptr;
}

} // namespace

const holder* holder_of(sqlite3* connection, const char* schema) noexcept {
    const open_file* const file = opened_as(connection, schema);
    return file ? &file->lock : nullptr;
}

const store* store_of(sqlite3* connection, const char* schema) noexcept {
    const open_file* const file = opened_as(connection, schema);
    return file ? file->content.get() : nullptr;
}

bool begin_unlocked_write(open_file& file) {
    open_file& database = file.database ? *file.database : file;
    return database.content->begin_unlocked_write(database.lock);
}

void cut_off(sqlite3* connection) noexcept {
    const char* schema = nullptr;
    for (int i = 0; (schema = sqlite3_db_name(connection, i)); ++i) {
        if (open_file* const file = opened_as(connection, schema)) {
            file->content->cut_off(file->lock);
        }
    }
}

unsigned count_switched() noexcept {
    return switched;
}

open_file* last_locked(std::string_view name) noexcept {
    return last_locked_file && last_locked_file->name == name ? last_locked_file : nullptr;
}

const sqlite3_io_methods& file_methods() noexcept {
    return methods;
}

std::optional<std::uint64_t> take_closed(std::string_view name) noexcept {
    const std::string_view closed(last_closed.name.data(), std::exchange(last_closed.length, 0));
    return closed == name ? std::optional(last_closed.edition) : std::nullopt;
}

} // namespace isolite::store
