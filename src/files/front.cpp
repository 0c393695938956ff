#include "files/front.hpp"

#include "error/warning.hpp"
#include "files/claim_uses.hpp"
#include "files/claimed_databases.hpp"
#include "files/claims.hpp"
#include "files/real_directory.hpp"
#include "files/uri_as_name.hpp"
#include "os/open_files.hpp"
#include "store/directory.hpp"
#include "store/open_file.hpp"
#include "store/vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

// Functions of SQLite's VFSs, replaced in their structures: a VFS of another name would lose its
// place when SQLite is initialised anew, and would not serve who names one of SQLite's own.
// Source: https://www.sqlite.org/vfs.html

namespace isolite::paths {

namespace {

/// A VFS that we stand in front of, and what it was before.
struct fronted {
    sqlite3_vfs* vfs;
    sqlite3_vfs before;
};

std::mutex arriving;
std::array<fronted, 8> all_fronted{};
std::atomic<std::size_t> count_fronted{0};
std::atomic<sqlite3_vfs*> of_store{nullptr};
thread_local bool was_asked = false;

/// Returns what a VFS was before. A copy under another name calls our functions, too, for itself.
const sqlite3_vfs& before(const sqlite3_vfs* vfs) noexcept {
    for (std::size_t i = 0; i < count_fronted; ++i) {
        if (all_fronted[i].vfs == vfs) {
            return all_fronted[i].before;
        }
    }
    return all_fronted[0].before;
}

/// Returns a VFS that opens files of the disk, as this one did before; not for anything else.
sqlite3_vfs of_the_disk(const sqlite3_vfs* vfs) noexcept {
    const sqlite3_vfs& was = before(vfs);
    sqlite3_vfs disk = *vfs; // whose name and data its functions look at
    disk.xOpen = was.xOpen;
    return disk;
}

bool has_mark(const char* name) noexcept {
    return store::short_name(name).data() != name;
}

/// Returns the name without what SQLite puts behind it for a journal, a log, or the journal of a
/// transaction over several databases, or "".
std::string_view database_of(std::string_view name) noexcept {
    for (const std::string_view suffix : {"-journal", "-wal"}) {
        if (name.size() > suffix.size() && name.substr(name.size() - suffix.size()) == suffix) {
            return name.substr(0, name.size() - suffix.size());
        }
    }
    constexpr std::size_t of_super_journal = 12; // -mj and nine digits
    const std::size_t rest = name.size() - std::min(name.size(), of_super_journal);
    return rest > 0 && name.substr(rest, 3) == "-mj" ? name.substr(0, rest) : std::string_view();
}

/// Says whether a file is in the store, or lies beside one that is.
bool is_in_store(const char* name) {
    if (has_mark(name)) {
        return true;
    }
    if (!claims::any()) {
        return false;
    }
    auto& files = store::directory::of_process();
    return files.find(name) || files.find(database_of(name));
}

/// Says whether this process has a file of the disk open, perhaps from before it was claimed.
bool is_open_on_disk(std::string_view name) {
    const std::vector<std::string> open = os::files_open_for_writing("");
    return std::find(open.begin(), open.end(), name) != open.end();
}

/// Says whether the connection has its database in the store that opens the journal or the log
/// `name`. That is one which the store knows by the address of the name, unless a VFS of the
/// program's lies over this one and hands out names of its own.
bool is_of_store(const char* name) {
    const std::string_view called = database_of(store::short_name(name));
    const auto database = store::directory::of_process().find(called);
    return database && (database->beside(name) || !is_open_on_disk(called));
}

void say_refused(const char* name) {
    warnings::warn_once({errc::usage,
                         "let a test open the database file '" + std::string(name) +
                             "': no claim covers it, and files(...).only() refuses all others",
                         "claim it, or open another one"});
    claimed_databases::of_process().refuse(name);
}

int open_database(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags,
                  int* out_flags) {
    sqlite3_vfs* const ours = of_store;
    if (has_mark(name)) {
        return ours->xOpen(ours, name, file, flags, out_flags);
    }
    auto& claimed = claims::of_process();
    const bool is_asked = claims::any() || claimed.refuses_others();
    const bool may_be_claimed = is_asked && !real_directory::holds(name); // whose files may fit
    if (may_be_claimed) {
        claimed.note_opened(name);
    }
    if (claims::any() && store::directory::of_process().find(name)) {
        return ours->xOpen(ours, name, file, flags, out_flags);
    }
    if (may_be_claimed) {
        if (const auto from = claimed.find(name)) {
            sqlite3_vfs disk = of_the_disk(vfs);
            const int code = claimed_databases::of_process().provide(name, *from, flags, disk);
            if (code != SQLITE_NOTFOUND) {
                return code == SQLITE_OK ? ours->xOpen(ours, name, file, flags, out_flags) : code;
            }
        } else if (claimed.refuses_others()) {
            say_refused(name);
            return SQLITE_CANTOPEN;
        }
    }
    const int code = before(vfs).xOpen(vfs, name, file, flags, out_flags);
    if (may_be_claimed && code == SQLITE_OK && !claim_uses::step::any()) {
        claim_uses::of_process().note_other(name);
    }
    return code;
}

int front_open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags,
               int* out_flags) {
    file->pMethods = nullptr;
    return store::guarded([&] {
        if (name && (flags & SQLITE_OPEN_MAIN_DB) != 0) {
            return open_database(vfs, name, file, flags, out_flags);
        }
        const bool beside = (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
        sqlite3_vfs* const ours = of_store;
        return name && (beside ? is_of_store(name) : is_in_store(name))
                   ? ours->xOpen(ours, name, file, flags, out_flags)
                   : before(vfs).xOpen(vfs, name, file, flags, out_flags);
    });
}

int front_delete(sqlite3_vfs* vfs, const char* name, int sync_directory) {
    return store::guarded([&] {
        sqlite3_vfs* const ours = of_store;
        const int code = is_in_store(name) ? ours->xDelete(ours, name, sync_directory)
                                           : SQLITE_IOERR_DELETE_NOENT;
        // It may be of a connection that had opened the file before it was claimed.
        return code == SQLITE_IOERR_DELETE_NOENT ? before(vfs).xDelete(vfs, name, sync_directory)
                                                 : code;
    });
}

int front_access(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
    return store::guarded([&] {
        sqlite3_vfs* const ours = of_store;
        return is_in_store(name) ? ours->xAccess(ours, name, flags, result)
                                 : before(vfs).xAccess(vfs, name, flags, result);
    });
}

/// Notes a claim of a link by its own name, which SQLite follows.
void note_link(const char* name, const char* full) {
    std::error_code unknown;
    const auto spelled = std::filesystem::absolute(name, unknown).lexically_normal().string();
    if (!unknown && spelled != full) {
        claims::of_process().add_alias(full, spelled);
    }
}

int front_full_pathname(sqlite3_vfs* vfs, const char* name, int size, char* full) {
    was_asked = true;
    return store::guarded([&] {
        if (has_mark(name)) {
            sqlite3_snprintf(size, full, "%s", name);
            return SQLITE_OK;
        }
        if (const auto served = take_as_uri(name)) {
            sqlite3_snprintf(size, full, "%s", served->c_str());
            return served->empty() ? SQLITE_CANTOPEN : SQLITE_OK;
        }
        const int code = before(vfs).xFullPathname(vfs, name, size, full);
        constexpr int primary = 0xff;
        if (code != SQLITE_OK && (code & primary) == SQLITE_OK && claims::any()) {
            note_link(name, full);
        }
        return code;
    });
}

void stand_before(sqlite3_vfs* vfs) {
    const auto* const end = all_fronted.begin() + count_fronted;
    const bool is_known = std::any_of(std::cbegin(all_fronted), end,
                                      [vfs](const fronted& each) { return each.vfs == vfs; });
    if (!vfs || is_known || count_fronted == all_fronted.size() || vfs->xOpen == front_open) {
        return;
    }
    all_fronted[count_fronted] = {vfs, *vfs};
    ++count_fronted;
    vfs->szOsFile = std::max(vfs->szOsFile, of_store.load()->szOsFile);
    vfs->xOpen = front_open;
    vfs->xDelete = front_delete;
    vfs->xAccess = front_access;
    vfs->xFullPathname = front_full_pathname;
}

void install() {
    if (count_fronted > 0 || !store::register_vfs()) {
        return;
    }
    of_store = sqlite3_vfs_find(store::vfs_name);
    stand_before(sqlite3_vfs_find(nullptr));
    for (const char* const name : {"unix", "unix-excl", "unix-none", "unix-dotfile"}) {
        stand_before(sqlite3_vfs_find(name));
    }
}

sqlite3_pcache_methods2 page_cache; // as it was before ours

/// SQLite calls this when it is being initialised, before it opens anything.
int arrive_with_page_cache(void* argument) {
    const int code = page_cache.xInit ? page_cache.xInit(argument) : SQLITE_OK;
    if (code == SQLITE_OK) {
        sqlite3_os_init(); // registers SQLite's VFSs, which is else done after this
        install();
    }
    return code;
}

} // namespace

void stand_in_front() {
    if (count_fronted > 0) {
        return;
    }
    const std::lock_guard guard(arriving);
    sqlite3_pcache_methods2 present{};
    if (sqlite3_config(SQLITE_CONFIG_GETPCACHE2, &present) != SQLITE_OK) { // it is initialised
        install();
    } else if (present.xInit != arrive_with_page_cache) {
        page_cache = present;
        present.xInit = arrive_with_page_cache;
        sqlite3_config(SQLITE_CONFIG_PCACHE2, &present);
    }
}

void stand_in_front_now() {
    if (count_fronted == 0) {
        stand_in_front();
        sqlite3_initialize();
    }
}

void check_in_front() {
    sqlite3_vfs* const chosen = count_fronted > 0 ? sqlite3_vfs_find(nullptr) : nullptr;
    if (!chosen || chosen->xOpen == front_open) {
        return;
    }
    was_asked = false;
    std::array<char, 4096> full{};
    chosen->xFullPathname(chosen, "isolite", static_cast<int>(full.size()), full.data());
    if (!was_asked) {
        warnings::warn_once(
            {errc::usage,
             "stand in front of SQLite's default VFS '" + std::string(chosen->zName) +
                 "', which was registered after isolite came: what tests open by path through it "
                 "is on the disk",
             "register it before the first test, or let it hand on to the VFS that was the default "
             "before"});
    }
}

std::string full_name(const std::string& path) {
    stand_in_front_now();
    sqlite3_vfs* const chosen = sqlite3_vfs_find(nullptr);
    std::array<char, 4096> full{};
    const bool done =
        chosen &&
        (chosen->xFullPathname(chosen, path.c_str(), full.size(), full.data()) & 0xff) == SQLITE_OK;
    return done ? full.data() : path;
}

} // namespace isolite::paths
