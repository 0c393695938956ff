#include "store/vfs.hpp"

#include "store/directory.hpp"

#include <sqlite3.h>

#include <new>
#include <stdexcept>

// The VFS: SQLite's calls on files, forwarded to the stores of the directory. Everything that is
// not a file (the clock, randomness, shared libraries) is left to SQLite's own VFS.
// Source: https://www.sqlite.org/vfs.html

namespace isolite::store {

namespace {

/// What SQLite holds for each file it opened. SQLite provides the memory.
struct open_file : sqlite3_file {
    open_file(std::shared_ptr<store> file, const char* name_to_delete, open_file* its_database)
        : sqlite3_file{}, content(std::move(file)), delete_on_close(name_to_delete),
          database(its_database) {
        content->attach(lock);
    }
    ~open_file() { content->detach(lock); }
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;

    std::shared_ptr<store> content;
    lock_holder lock;
    std::string delete_on_close; // the name to remove, empty for files that stay
    open_file* database;         // that a rollback journal belongs to, else null
};

open_file& from(sqlite3_file* file) {
    return *static_cast<open_file*>(file);
}

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

int file_close(sqlite3_file* raw) {
    return guarded([raw] {
        open_file& file = from(raw);
        if (!file.delete_on_close.empty()) {
            directory::of_process().remove(file.delete_on_close);
        }
        file.~open_file();
        return SQLITE_OK;
    });
}

/// Returns what `action` returns, or false without calling it if the file is the journal of a
/// connection that lost its lock on the database: it may be another connection's journal by now.
template <typename Action>
bool unless_void(open_file& file, Action action) {
    return file.database ? file.database->content->unless_revoked(file.database->lock, action)
                         : action();
}

int file_read(sqlite3_file* raw, void* to, int count, sqlite3_int64 offset) {
    open_file& file = from(raw);
    const auto wanted = static_cast<std::size_t>(count);
    std::size_t available = 0;
    const bool done = unless_void(file, [&] {
        return file.content->read(file.lock, static_cast<std::uint64_t>(offset),
                                  static_cast<std::byte*>(to), wanted, available);
    });
    if (!done) {
        return SQLITE_IOERR_READ;
    }
    return available == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int file_write(sqlite3_file* raw, const void* data, int count, sqlite3_int64 offset) {
    return guarded([&] {
        open_file& file = from(raw);
        const bool done = unless_void(file, [&] {
            return file.content->write(file.lock, static_cast<std::uint64_t>(offset),
                                       static_cast<const std::byte*>(data),
                                       static_cast<std::size_t>(count));
        });
        return done ? SQLITE_OK : SQLITE_IOERR_WRITE;
    });
}

int file_truncate(sqlite3_file* raw, sqlite3_int64 size) {
    return guarded([&] {
        open_file& file = from(raw);
        const bool done = unless_void(file, [&] {
            return file.content->truncate(file.lock, static_cast<std::uint64_t>(size));
        });
        return done ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
    });
}

int file_sync(sqlite3_file* /*file*/, int /*flags*/) {
    return SQLITE_OK;
}

int file_size(sqlite3_file* raw, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(from(raw).content->size());
    return SQLITE_OK;
}

int file_lock(sqlite3_file* raw, int level) {
    open_file& file = from(raw);
    if (file.content->raise_lock(file.lock, static_cast<lock_level>(level))) {
        return SQLITE_OK;
    }
    // Busy would let SQLite wait, and nothing but this connection's own unlock can help it.
    return file.content->revoked(file.lock) ? SQLITE_IOERR_LOCK : SQLITE_BUSY;
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

int file_control(sqlite3_file* raw, int operation, void* argument) {
    switch (operation) {
    case SQLITE_FCNTL_LOCKSTATE:
        *static_cast<int*>(argument) = static_cast<int>(from(raw).lock.level);
        return SQLITE_OK;
    case SQLITE_FCNTL_VFSNAME:
        *static_cast<char**>(argument) = sqlite3_mprintf("%s", vfs_name);
        return SQLITE_OK;
    case SQLITE_FCNTL_HAS_MOVED:
        *static_cast<int*>(argument) = 0;
        return SQLITE_OK;
    default:
        return SQLITE_NOTFOUND;
    }
}

int file_sector_size(sqlite3_file* /*file*/) {
    return 512;
}

int file_device_characteristics(sqlite3_file* /*file*/) {
    // Memory keeps the order of writes and tears none of them: SQLite then saves itself the
    // padding of journals to whole sectors and the second write of their headers.
    return SQLITE_IOCAP_SAFE_APPEND | SQLITE_IOCAP_SEQUENTIAL | SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

constexpr sqlite3_io_methods file_methods = {
    1, // iVersion: no shared memory (WAL) and no memory mapping
    file_close,
    file_read,
    file_write,
    file_truncate,
    file_sync,
    file_size,
    file_lock,
    file_unlock,
    file_check_reserved_lock,
    file_control,
    file_sector_size,
    file_device_characteristics,
    nullptr, // xShmMap and what follows belong to later versions
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

/// Finds or makes the content for a file that SQLite opens; null when it may not be made or,
/// with SQLITE_OPEN_EXCLUSIVE, when it exists.
std::shared_ptr<store> content_for(const char* name, int flags) {
    if (!name) {
        return std::make_shared<store>(); // a temporary file of this connection alone
    }
    if ((flags & SQLITE_OPEN_CREATE) == 0) {
        return directory::of_process().find(name);
    }
    bool created = false;
    auto found = directory::of_process().find_or_create(name, created);
    return (flags & SQLITE_OPEN_EXCLUSIVE) != 0 && !created ? nullptr : found;
}

/// Returns the open database that SQLite opens the journal `name` for, or null when it is not
/// known because another VFS lies over this one.
open_file* database_of(sqlite3_filename name) {
    sqlite3_file* const file = sqlite3_database_file_object(name);
    return file->pMethods == &file_methods ? &from(file) : nullptr;
}

int vfs_open(sqlite3_vfs* /*vfs*/, sqlite3_filename name, sqlite3_file* raw, int flags,
             int* out_flags) {
    raw->pMethods = nullptr;
    return guarded([&] {
        auto content = content_for(name, flags);
        if (!content) {
            return SQLITE_CANTOPEN;
        }
        const bool temporary = name && (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
        open_file* const database =
            (flags & SQLITE_OPEN_MAIN_JOURNAL) != 0 ? database_of(name) : nullptr;
        auto* const file = new (raw) open_file(std::move(content), temporary ? name : "", database);
        if (database) {
            database->content->set_journal(file->content);
        }
        file->pMethods = &file_methods;
        if (out_flags) {
            *out_flags = flags;
        }
        return SQLITE_OK;
    });
}

int vfs_delete(sqlite3_vfs* /*vfs*/, const char* name, int /*sync_directory*/) {
    return guarded([name] {
        return directory::of_process().remove(name) ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
    });
}

int vfs_access(sqlite3_vfs* /*vfs*/, const char* name, int flags, int* result) {
    return guarded([&] {
        const auto found = directory::of_process().find(name);
        // An empty file is no hot journal: SQLite's own VFS does not count it as existing either.
        *result = found && (flags != SQLITE_ACCESS_EXISTS || found->size() > 0);
        return SQLITE_OK;
    });
}

int vfs_full_pathname(sqlite3_vfs* /*vfs*/, const char* name, int size, char* full) {
    sqlite3_snprintf(size, full, "%s", name);
    return SQLITE_OK;
}

sqlite3_vfs& underlying(sqlite3_vfs* vfs) {
    return *static_cast<sqlite3_vfs*>(vfs->pAppData);
}

void* vfs_dl_open(sqlite3_vfs* vfs, const char* path) {
    return underlying(vfs).xDlOpen(&underlying(vfs), path);
}

void vfs_dl_error(sqlite3_vfs* vfs, int size, char* message) {
    underlying(vfs).xDlError(&underlying(vfs), size, message);
}

using symbol = void (*)();

symbol vfs_dl_symbol(sqlite3_vfs* vfs, void* library, const char* name) {
    return underlying(vfs).xDlSym(&underlying(vfs), library, name);
}

void vfs_dl_close(sqlite3_vfs* vfs, void* library) {
    underlying(vfs).xDlClose(&underlying(vfs), library);
}

int vfs_randomness(sqlite3_vfs* vfs, int size, char* bytes) {
    return underlying(vfs).xRandomness(&underlying(vfs), size, bytes);
}

int vfs_sleep(sqlite3_vfs* vfs, int microseconds) {
    return underlying(vfs).xSleep(&underlying(vfs), microseconds);
}

int vfs_current_time(sqlite3_vfs* vfs, double* julian_day) {
    return underlying(vfs).xCurrentTime(&underlying(vfs), julian_day);
}

int vfs_last_error(sqlite3_vfs* /*vfs*/, int /*size*/, char* /*message*/) {
    return 0;
}

int vfs_current_time_int64(sqlite3_vfs* vfs, sqlite3_int64* milliseconds) {
    sqlite3_vfs& other = underlying(vfs);
    if (other.iVersion >= 2 && other.xCurrentTimeInt64) {
        return other.xCurrentTimeInt64(&other, milliseconds);
    }
    double julian_day = 0;
    const int code = other.xCurrentTime(&other, &julian_day);
    *milliseconds = static_cast<sqlite3_int64>(julian_day * 86400000.0);
    return code;
}

int register_once() {
    sqlite3_vfs* system = sqlite3_vfs_find(nullptr); // initialises SQLite
    if (!system) {
        return SQLITE_ERROR;
    }
    static sqlite3_vfs vfs{};
    vfs.iVersion = 2;
    vfs.szOsFile = static_cast<int>(sizeof(open_file));
    vfs.mxPathname = 1024;
    vfs.zName = vfs_name;
    vfs.pAppData = system;
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    vfs.xAccess = vfs_access;
    vfs.xFullPathname = vfs_full_pathname;
    vfs.xDlOpen = vfs_dl_open;
    vfs.xDlError = vfs_dl_error;
    vfs.xDlSym = vfs_dl_symbol;
    vfs.xDlClose = vfs_dl_close;
    vfs.xRandomness = vfs_randomness;
    vfs.xSleep = vfs_sleep;
    vfs.xCurrentTime = vfs_current_time;
    vfs.xGetLastError = vfs_last_error;
    vfs.xCurrentTimeInt64 = vfs_current_time_int64;
    return sqlite3_vfs_register(&vfs, 0);
}

} // namespace

result<void> register_vfs() {
    static const int code = register_once();
    if (code != SQLITE_OK) {
        return tl::unexpected(
            error{errc::database, "register the VFS: SQLite cannot be initialised",
                  "a call of sqlite3_config may have left SQLite unusable", code});
    }
    return {};
}

} // namespace isolite::store
