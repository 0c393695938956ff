#include "vfs_file.hpp"

#include "files/claimed_databases.hpp"
#include "files/claims.hpp"
#include "files/front.hpp"
#include "store/vfs.hpp"

#include <cstdlib>
#include <memory>
#include <mutex>
#include <set>
#include <string_view>

// Puts the store into a program that knows nothing of it, in the way that ORACLES_WAY names: as
// SQLite's default VFS ("store"), by a claim of all files ("paths"), or not at all, with the same
// code in the program. The amalgamation is built with SQLITE_EXTRA_INIT=oracles_init, so that
// SQLite calls that whenever it initialises itself, also after a shutdown.

/// Lets Tcl see the files of the store; only SQLite's testfixture has it.
extern "C" __attribute__((weak)) void oracles_register_tcl_files();
extern "C" __attribute__((weak)) void oracles_tcl_files_changed();

namespace oracles {

namespace {

enum class way { stock, store, paths };

way wanted() {
    static const way chosen = [] {
        const char* const variable = std::getenv("ORACLES_WAY");
        const std::string_view name = variable ? variable : "";
        return name == "store" ? way::store : name == "paths" ? way::paths : way::stock;
    }();
    return chosen;
}

/// What isolite's `main` does for --files='**' and a test.
class test_by_path {
  public:
    test_by_path() : scope_(files().enter("an oracle").value_or(0)) {
        isolite::paths::claims::of_process().add("**", {});
        isolite::paths::stand_in_front();
    }
    ~test_by_path() { static_cast<void>(files().leave(scope_)); }
    test_by_path(const test_by_path&) = delete;
    test_by_path& operator=(const test_by_path&) = delete;

  private:
    static isolite::paths::claimed_databases& files() {
        return isolite::paths::claimed_databases::of_process();
    }

    std::uint64_t scope_;
};

const auto test = wanted() == way::paths ? std::make_unique<test_by_path>() : nullptr;

decltype(sqlite3_vfs::xOpen) original_open = nullptr;

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
    const int code = original_open(vfs, name, file, flags, out_flags);
    if (code == SQLITE_OK && name) {
        const std::lock_guard guard(mutex);
        if (opened().insert(name).second && oracles_tcl_files_changed) {
            oracles_tcl_files_changed();
        }
    }
    return code;
}

/// Puts `open` in front of a VFS, and of all others that isolite stands in front of in one way.
void watch(sqlite3_vfs* tested) {
    original_open = tested->xOpen;
    for (sqlite3_vfs* each = sqlite3_vfs_find(nullptr); each; each = each->pNext) {
        if (each->xOpen == original_open) {
            each->xOpen = open;
        }
    }
    if (oracles_register_tcl_files) {
        oracles_register_tcl_files();
    }
}

} // namespace

bool are_files_in_memory() {
    return wanted() != way::stock;
}

sqlite3_vfs* tested_vfs() {
    return sqlite3_vfs_find(wanted() == way::store ? isolite::store::vfs_name : "unix");
}

sqlite3_vfs* vfs_of_files() {
    return sqlite3_vfs_find(are_files_in_memory() ? isolite::store::vfs_name : "unix");
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
    using namespace oracles;
    if (wanted() == way::stock) {
        return SQLITE_OK;
    }
    if (!isolite::store::register_vfs()) {
        return SQLITE_ERROR;
    }
    sqlite3_vfs* const vfs = tested_vfs();
    if (!original_open) {
        watch(vfs);
    }
    if (wanted() == way::paths) {
        return SQLITE_OK;
    }
    vfs->xFullPathname = full_pathname;
    return sqlite3_vfs_register(vfs, 1);
}
