#include "store/vfs.hpp"

#include "store/directory.hpp"
#include "store/open_file.hpp"
#include "text/hexadecimal.hpp"

#include <utility>

// The VFS: SQLite's calls on names, forwarded to the directory. Everything that is not a file (the
// clock, randomness, shared libraries) is left to SQLite's own VFS.
// Source: https://www.sqlite.org/vfs.html

namespace isolite::store {

namespace {

constexpr std::string_view in_front = "isolite:/"; // no folder has such a name

constexpr std::string_view of_journals = "-journal";
constexpr std::string_view of_logs = "-wal";

/// Returns a name without its last characters, which are `suffix`, or "" when they are not.
std::string_view without(std::string_view name, std::string_view suffix) {
    const bool ends =
        name.size() > suffix.size() && name.substr(name.size() - suffix.size()) == suffix;
    return ends ? name.substr(0, name.size() - suffix.size()) : std::string_view();
}

/// Returns the file that holds the journal or the log `name`, and which part of it does, or null.
/// SQLite asks for these alone whether they exist and to delete them, and not for databases: a
/// database of such a name does not stand in their way.
std::pair<std::shared_ptr<store>, part> companion(std::string_view name) {
    const auto database_before = [name](std::string_view suffix) {
        const std::string_view called = without(name, suffix);
        return called.empty() ? nullptr : directory::of_process().find(called);
    };
    if (const auto database = database_before(of_journals)) {
        return {database->journal(), part::database};
    }
    return {database_before(of_logs), part::wal};
}

/// Finds or makes the content for a file that SQLite opens; null when it may not be made or,
/// with SQLITE_OPEN_EXCLUSIVE, when it exists.
std::shared_ptr<store> content_for(const char* name, int flags) {
    if (!name) {
        return std::make_shared<store>(); // a temporary file of this connection alone
    }
    if ((flags & SQLITE_OPEN_CREATE) == 0) {
        auto found = directory::of_process().find(short_name(name));
        const bool is_listed = (flags & SQLITE_OPEN_SUPER_JOURNAL) != 0; // by a super-journal
        return found || !is_listed ? found : companion(short_name(name)).first;
    }
    bool created = false;
    auto found = directory::of_process().find_or_create(short_name(name), created);
    return (flags & SQLITE_OPEN_EXCLUSIVE) != 0 && !created ? nullptr : found;
}

/// Returns the open database that SQLite opens a file for, the journal or the log called `name`.
/// SQLite keeps the names beside each other in memory. Its own function for this must not be asked
/// when another VFS lies over this one and hands out names of its own; then it is the database
/// that the thread asked last for a lock.
open_file* database_of(const char* name, std::string_view suffix) {
    const std::string_view called = without(short_name(name), suffix);
    const auto database = directory::of_process().find(called);
    open_file* const found = database ? database->beside(name) : nullptr;
    return found ? found : last_locked(called);
}

int open_other(sqlite3_filename name, sqlite3_file* raw, int flags) {
    auto content = content_for(name, flags);
    if (!content) {
        return SQLITE_CANTOPEN;
    }
    const bool is_main = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    auto* const file =
        new (raw) open_file(std::string(name ? short_name(name) : ""), std::move(content),
                            part::database, nullptr, is_main ? name : nullptr);
    file->delete_on_close = name && (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    file->pMethods = &file_methods();
    return SQLITE_OK;
}

int open_companion(sqlite3_filename name, sqlite3_file* raw, int flags) {
    const part which = (flags & SQLITE_OPEN_WAL) != 0 ? part::wal : part::database;
    open_file* const database = database_of(name, which == part::wal ? of_logs : of_journals);
    if (!database) { // of another VFS
        return which == part::wal ? SQLITE_CANTOPEN : open_other(name, raw, flags);
    }
    const bool to_be_written = (flags & SQLITE_OPEN_READWRITE) != 0;
    if (to_be_written && !begin_write(*database)) { // deleting it would undo another's transaction
        return SQLITE_CANTOPEN;
    }
    auto content = which == part::wal ? database->content : database->content->journal();
    auto* const file =
        new (raw) open_file(std::string(short_name(name)), std::move(content), which, database);
    file->takes_no_locks = database->takes_no_locks;
    file->pMethods = &file_methods(); // tells SQLite to close it: only now, when nothing can fail
    return SQLITE_OK;
}

int vfs_open(sqlite3_vfs* /*vfs*/, sqlite3_filename name, sqlite3_file* raw, int flags,
             int* out_flags) {
    raw->pMethods = nullptr;
    return guarded([&] {
        const bool beside = (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
        const int code = beside ? open_companion(name, raw, flags) : open_other(name, raw, flags);
        if (code == SQLITE_OK && out_flags) {
            *out_flags = flags;
        }
        return code;
    });
}

int vfs_delete(sqlite3_vfs* /*vfs*/, const char* full, int /*sync_directory*/) {
    return guarded([name = short_name(full)] {
        // These are emptied rather than removed: another connection may have them open.
        const auto [file, of] = companion(name);
        const auto closed = take_closed(name);
        const bool removed = file ? file->clear(of, closed) : directory::of_process().remove(name);
        return removed || (file && closed) ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
    });
}

int vfs_access(sqlite3_vfs* /*vfs*/, const char* full, int flags, int* result) {
    return guarded([&] {
        const std::string_view name = short_name(full);
        auto [file, of] = companion(name);
        if (!file) {
            file = directory::of_process().find(name);
            of = part::database;
        }
        // An empty file is no hot journal: SQLite's own VFS does not count it as existing either.
        *result = file && (flags != SQLITE_ACCESS_EXISTS || file->size(of) > 0);
        return SQLITE_OK;
    });
}

int vfs_full_pathname(sqlite3_vfs* /*vfs*/, const char* name, int size, char* full) {
    sqlite3_snprintf(size, full, "%s%s", in_front.data(), short_name(name).data());
    return SQLITE_OK;
}

sqlite3_vfs& underlying(sqlite3_vfs* vfs) {
    return *static_cast<sqlite3_vfs*>(vfs->pAppData);
}

/// Calls a function of the VFS underneath, which gets itself in the place of this one.
template <auto Function, typename Result, typename... Arguments>
Result forwarded(sqlite3_vfs* vfs, Arguments... arguments) {
    return (underlying(vfs).*Function)(&underlying(vfs), arguments...);
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

sqlite3_vfs& the_vfs() noexcept {
    static sqlite3_vfs vfs{};
    return vfs;
}

int register_once() {
    sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
    if (!system) {
        return SQLITE_ERROR;
    }
    sqlite3_vfs& vfs = the_vfs();
    vfs.iVersion = 2;
    vfs.szOsFile = static_cast<int>(sizeof(open_file));
    vfs.mxPathname = 1024;
    vfs.zName = vfs_name;
    vfs.pAppData = system;
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    vfs.xAccess = vfs_access;
    vfs.xFullPathname = vfs_full_pathname;
    vfs.xDlOpen = forwarded<&sqlite3_vfs::xDlOpen>;
    vfs.xDlError = forwarded<&sqlite3_vfs::xDlError>;
    vfs.xDlSym = forwarded<&sqlite3_vfs::xDlSym>;
    vfs.xDlClose = forwarded<&sqlite3_vfs::xDlClose>;
    vfs.xRandomness = forwarded<&sqlite3_vfs::xRandomness>;
    vfs.xSleep = forwarded<&sqlite3_vfs::xSleep>;
    vfs.xCurrentTime = forwarded<&sqlite3_vfs::xCurrentTime>;
    vfs.xGetLastError = [](sqlite3_vfs*, int, char*) { return 0; };
    vfs.xCurrentTimeInt64 = vfs_current_time_int64;
    return sqlite3_vfs_register(&vfs, 0);
}

} // namespace

result<void> register_vfs() {
    // Some builds do not initialise themselves. This may call us, by whoever wants to be first.
    const int initialised = sqlite3_initialize();
    static const int code = initialised == SQLITE_OK ? register_once() : initialised;
    if (code == SQLITE_OK && !sqlite3_vfs_find(vfs_name)) { // a test has taken it out
        sqlite3_vfs_register(&the_vfs(), 0);
    }
    if (code != SQLITE_OK) {
        return tl::unexpected(
            error{errc::database, "register the VFS: SQLite cannot be initialised",
                  "a call of sqlite3_config may have left SQLite unusable", code});
    }
    return {};
}

std::string why_unusable(const std::string& name) {
    if (name.empty()) {
        return "it is empty";
    }
    if (name == ":memory:") {
        return "SQLite takes it for a database in memory that no other connection can open";
    }
    if (name.find('\0') != std::string::npos) {
        return "it has a zero byte in it";
    }
    return name.size() > longest_name
               ? "it is longer than " + std::to_string(longest_name) + " bytes"
               : std::string();
}

std::string_view short_name(std::string_view full) noexcept {
    return full.substr(full.compare(0, in_front.size(), in_front) == 0 ? in_front.size() : 0);
}

std::string marked_name(std::string_view name) {
    return std::string(in_front) += name;
}

std::string uri_of(const std::string& name) {
    std::string path;
    for (const char c : name) {
        if (c == '%' || c == '?' || c == '#') {
            path += '%' + text::hexadecimal({&c, 1});
        } else {
            path += c;
        }
    }
    // Behind two slashes SQLite would look for the name of a machine.
    return (path.compare(0, 2, "//") == 0 ? "file://" : "file:") + path + "?vfs=" + vfs_name;
}

} // namespace isolite::store
