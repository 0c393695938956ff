#include "vfs_file.hpp"

#include <cerrno>
#include <cstring>
#include <sys/stat.h>

// threadtest3 asks stat() for the files of its databases, deletes them with unlink() and copies
// them with open(), read() and write(). It is built with `stat` and `unlink` renamed to the
// functions below, and with its function that copies a file replaced by the third one.

extern "C" int oracles_stat(const char* name, struct stat* to) {
    const oracles::vfs_file file(oracles::full_name(name), false);
    if (!file.is_open()) {
        errno = ENOENT;
        return -1;
    }
    std::memset(to, 0, sizeof(*to));
    to->st_size = file.size();
    return 0;
}

extern "C" int oracles_unlink(const char* name) {
    return oracles::remove(oracles::full_name(name)) ? 0 : -1;
}

extern "C" void oracles_copy_file(void* /*error*/, const char* from, const char* to) {
    oracles::copy(oracles::full_name(from), oracles::full_name(to));
}
