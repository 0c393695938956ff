#include "vfs_file.hpp"

#include <algorithm>
#include <cstring>

// fuzzcheck puts its databases into memory of its own, where no VFS sees them. It is built with
// sqlite3_open, sqlite3_open_v2 and sqlite3_deserialize renamed to the functions below, which put
// the same bytes into a file of the VFS under test, on the store and on SQLite's own VFS alike.

namespace {

constexpr const char* file_name = "fuzz.db";

/// Makes the file anew with this content and opens it.
int open_with(const char* content, std::int64_t size, sqlite3** connection) {
    const std::string name = oracles::full_name(file_name);
    for (const char* suffix : {"-journal", "-wal", ""}) {
        oracles::remove(name + suffix);
    }
    {
        oracles::vfs_file file(name, true);
        if (!file.is_open() || (size > 0 && !file.write(0, content, size))) {
            return SQLITE_CANTOPEN;
        }
    }
    return sqlite3_open_v2(name.c_str(), connection, SQLITE_OPEN_READWRITE,
                           oracles::tested_vfs()->zName);
}

/// Returns what fuzzcheck's own VFS "inmem" has under a name.
std::string content_of(sqlite3_vfs* vfs, const char* name) {
    std::string handle(static_cast<std::size_t>(vfs->szOsFile), '\0');
    auto* const file = reinterpret_cast<sqlite3_file*>(handle.data());
    if (vfs->xOpen(vfs, name, file, SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READWRITE, nullptr) != 0) {
        return "";
    }
    sqlite3_int64 size = 0;
    file->pMethods->xFileSize(file, &size);
    std::string content(static_cast<std::size_t>(std::max<sqlite3_int64>(size, 0)), '\0');
    file->pMethods->xRead(file, content.data(), static_cast<int>(content.size()), 0);
    file->pMethods->xClose(file);
    return content;
}

} // namespace

extern "C" int oracles_open(const char* name, sqlite3** connection) {
    return name ? sqlite3_open(name, connection) : open_with("", 0, connection);
}

extern "C" int oracles_open_v2(const char* name, sqlite3** connection, int flags,
                               const char* vfs_name) {
    if (!vfs_name || std::strcmp(vfs_name, "inmem") != 0) {
        return sqlite3_open_v2(name, connection, flags, vfs_name ? "unix" : nullptr);
    }
    const std::string content = content_of(sqlite3_vfs_find(vfs_name), name);
    return open_with(content.data(), static_cast<std::int64_t>(content.size()), connection);
}

/// Nothing has been read through the connection yet, so that it takes the bytes for its file's.
extern "C" int oracles_deserialize(sqlite3* /*connection*/, const char* /*schema*/,
                                   unsigned char* bytes, sqlite3_int64 size,
                                   sqlite3_int64 /*capacity*/, unsigned flags) {
    oracles::vfs_file file(oracles::full_name(file_name), true);
    const bool done = size == 0 || file.write(0, reinterpret_cast<const char*>(bytes), size);
    if ((flags & SQLITE_DESERIALIZE_FREEONCLOSE) != 0) {
        sqlite3_free(bytes);
    }
    return done ? SQLITE_OK : SQLITE_ERROR;
}
