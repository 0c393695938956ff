#include "vfs_file.hpp"

#include "store/vfs.hpp"

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>

// Makes the store SQLite's default VFS in a program that knows nothing of it. The amalgamation is
// built with SQLITE_EXTRA_INIT=oracles_init, so that SQLite calls it whenever it initialises
// itself, also after a shutdown. ORACLES_VFS=isolite chooses the store; without it the program is
// what it is, with the same code in it.

/// Lets Tcl see the files of the store; only SQLite's testfixture has it.
extern "C" __attribute__((weak)) void oracles_register_tcl_files();
extern "C" __attribute__((weak)) void oracles_tcl_files_changed();

namespace oracles {

namespace {

sqlite3_vfs original; // the store's VFS before the functions below were put in front

std::mutex mutex;
std::set<std::string>& opened() {
    static auto* const names = new std::set<std::string>;
    return *names;
}

/// The store takes a name as it is. Tests give one file several names, so that names are made
/// full as SQLite's own VFS makes them.
int full_pathname(sqlite3_vfs* vfs, const char* name, int size, char* full) {
    auto& system = *static_cast<sqlite3_vfs*>(vfs->pAppData);
    return system.xFullPathname(&system, name, size, full);
}

int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
    const int code = original.xOpen(vfs, name, file, flags, out_flags);
    if (code == SQLITE_OK && name) {
        const std::lock_guard guard(mutex);
        if (opened().insert(name).second && oracles_tcl_files_changed) {
            oracles_tcl_files_changed();
        }
    }
    return code;
}

bool wanted() {
    const char* const vfs = std::getenv("ORACLES_VFS");
    return vfs && std::strcmp(vfs, isolite::store::vfs_name) == 0;
}

} // namespace

sqlite3_vfs* tested_vfs() {
    return sqlite3_vfs_find(wanted() ? isolite::store::vfs_name : "unix");
}

std::vector<std::string> names() {
    std::vector<std::string> found;
    const std::lock_guard guard(mutex);
    for (const std::string& name : opened()) {
        if (exists(name)) {
            found.push_back(name);
        }
    }
    return found;
}

} // namespace oracles

extern "C" int oracles_init(const char* /*unused*/) {
    if (!oracles::wanted()) {
        return SQLITE_OK;
    }
    if (!isolite::store::register_vfs()) {
        return SQLITE_ERROR;
    }
    sqlite3_vfs* const vfs = sqlite3_vfs_find(isolite::store::vfs_name);
    if (!oracles::original.xOpen) {
        oracles::original = *vfs;
        vfs->xFullPathname = oracles::full_pathname;
        vfs->xOpen = oracles::open;
        if (oracles_register_tcl_files) {
            oracles_register_tcl_files();
        }
    }
    return sqlite3_vfs_register(vfs, 1);
}
