#include "interruption.hpp"

#include "store/open_file.hpp"
#include "store/vfs.hpp"

#include <stdexcept>
#include <utility>

namespace isolite::store::tests {

namespace {

std::size_t calls_left = 0;
std::function<void()> waiting_action; // null once it happened

/// Comes before each call.
void pass() {
    if (waiting_action && calls_left-- == 0) {
        std::exchange(waiting_action, nullptr)();
    }
}

/// A method of a file that passes, and then does what ours does.
template <auto Method>
struct after_passing;

template <typename... Arguments, int (*sqlite3_io_methods::*Method)(sqlite3_file*, Arguments...)>
struct after_passing<Method> {
    static int call(sqlite3_file* file, Arguments... arguments) {
        pass();
        return (file_methods().*Method)(file, arguments...);
    }
};

const sqlite3_io_methods& passing_methods() {
    static const sqlite3_io_methods methods = [] {
        sqlite3_io_methods made = file_methods();
        made.xClose = after_passing<&sqlite3_io_methods::xClose>::call;
        made.xRead = after_passing<&sqlite3_io_methods::xRead>::call;
        made.xWrite = after_passing<&sqlite3_io_methods::xWrite>::call;
        made.xTruncate = after_passing<&sqlite3_io_methods::xTruncate>::call;
        made.xSync = after_passing<&sqlite3_io_methods::xSync>::call;
        made.xFileSize = after_passing<&sqlite3_io_methods::xFileSize>::call;
        made.xLock = after_passing<&sqlite3_io_methods::xLock>::call;
        made.xUnlock = after_passing<&sqlite3_io_methods::xUnlock>::call;
        made.xCheckReservedLock = after_passing<&sqlite3_io_methods::xCheckReservedLock>::call;
        made.xShmMap = after_passing<&sqlite3_io_methods::xShmMap>::call;
        made.xShmLock = after_passing<&sqlite3_io_methods::xShmLock>::call;
        made.xShmBarrier = [](sqlite3_file* file) {
            pass();
            file_methods().xShmBarrier(file);
        };
        made.xShmUnmap = after_passing<&sqlite3_io_methods::xShmUnmap>::call;
        return made;
    }();
    return methods;
}

sqlite3_vfs& ours() {
    return *sqlite3_vfs_find(vfs_name);
}

/// Opens a file of ours. Journals and logs look for their database, which must look like ours.
int open(sqlite3_vfs* /*vfs*/, sqlite3_filename name, sqlite3_file* file, int flags,
         int* out_flags) {
    pass();
    const bool belongs = (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    sqlite3_file* const database = belongs ? sqlite3_database_file_object(name) : nullptr;
    if (database) {
        database->pMethods = &file_methods();
    }
    const int code = ours().xOpen(&ours(), name, file, flags, out_flags);
    if (database) {
        database->pMethods = &passing_methods();
    }
    if (file->pMethods) {
        file->pMethods = &passing_methods();
    }
    return code;
}

int remove(sqlite3_vfs* /*vfs*/, const char* name, int sync_directory) {
    pass();
    return ours().xDelete(&ours(), name, sync_directory);
}

int access(sqlite3_vfs* /*vfs*/, const char* name, int flags, int* result) {
    pass();
    return ours().xAccess(&ours(), name, flags, result);
}

int register_once() {
    if (!register_vfs()) {
        throw std::runtime_error("cannot register the VFS");
    }
    static sqlite3_vfs vfs = ours();
    vfs.zName = interrupted_vfs;
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = access;
    return sqlite3_vfs_register(&vfs, 0);
}

} // namespace

interruption::interruption(std::size_t at, std::function<void()> action) {
    calls_left = at;
    waiting_action = std::move(action);
}

interruption::~interruption() {
    waiting_action = nullptr;
}

bool interruption::happened() {
    return !waiting_action;
}

void register_interrupted_vfs() {
    [[maybe_unused]] static const int code = register_once();
}

} // namespace isolite::store::tests
