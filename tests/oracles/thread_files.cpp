#include "vfs_file.hpp"

#include <cerrno>
#include <cstring>
#include <sys/stat.h>

// threadtest3 asks stat() for the files of its databases, deletes them with unlink() and copies
// them with open(), read() and write(). It is built with `stat` and `unlink` renamed to the
// functions below, and with its function that copies a file replaced by the third one.

namespace {

/// Says whether a database is in WAL mode, by its header.
bool is_in_wal_mode(const std::string& name) {
    const oracles::vfs_file database(name, false);
    char version = 0;
    return database.is_open() && database.read(18, &version, 1) == 1 && version == 2;
}

} // namespace

/// A journal or a log that is open but empty is a file for stat() and none for the store. Which of
/// the two a connection has open depends on the journal mode of its database.
extern "C" int oracles_stat(const char* name, struct stat* to) {
    if (!oracles::are_files_in_memory()) {
        return stat(name, to);
    }
    std::memset(to, 0, sizeof(*to));
    const std::string full = oracles::full_name(name);
    if (const oracles::vfs_file file(full, false); file.is_open()) {
        to->st_size = file.size();
        return 0;
    }
    const std::size_t suffix = full.rfind('-');
    const bool log = suffix != std::string::npos && full.substr(suffix) == "-wal";
    const bool journal = suffix != std::string::npos && full.substr(suffix) == "-journal";
    if ((log || journal) && is_in_wal_mode(full.substr(0, suffix)) == log) {
        return 0;
    }
    errno = ENOENT;
    return -1;
}

extern "C" int oracles_unlink(const char* name) {
    return oracles::remove(oracles::full_name(name)) ? 0 : -1;
}

extern "C" void oracles_copy_file(void* /*error*/, const char* from, const char* to) {
    oracles::copy(oracles::full_name(from), oracles::full_name(to));
}
