#include "vfs_file.hpp"

#include <tcl.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// A file system for Tcl with the files of the store in it, so that `file exists`, `file size`,
// `file delete`, `file copy`, `file rename`, `open` and `glob` of SQLite's tests mean the files
// that SQLite sees. Source: https://www.tcl.tk/man/tcl8.6/TclLib/FileSystem.htm

namespace {

std::string spelled(Tcl_Obj* path) {
    Tcl_Obj* const normal = Tcl_FSGetNormalizedPath(nullptr, path);
    return normal ? Tcl_GetString(normal) : "";
}

bool is_link(const std::string& name) {
    struct stat on_disk {};
    return lstat(name.c_str(), &on_disk) == 0 && S_ISLNK(on_disk.st_mode);
}

/// Links are on the disk, and SQLite follows them to names of the store.
std::string text_of(Tcl_Obj* path) {
    const std::string name = spelled(path);
    return is_link(name) ? oracles::full_name(name.c_str()) : name;
}

/// A file that exists nowhere yet is the store's if it is called like a database.
bool is_called_like_a_database(const std::string& name) {
    const std::string last = name.substr(name.rfind('/') + 1);
    return last.find(".db") != std::string::npos || last.find("-journal") != std::string::npos;
}

int path_in_filesystem(Tcl_Obj* path, ClientData* /*data*/) {
    const std::string name = text_of(path);
    if (name.empty()) {
        return -1;
    }
    if (oracles::exists(name)) {
        return TCL_OK;
    }
    struct stat on_disk {};
    return is_called_like_a_database(name) && stat(name.c_str(), &on_disk) != 0 ? TCL_OK : -1;
}

int missing() {
    Tcl_SetErrno(ENOENT);
    return -1;
}

int stat_file(Tcl_Obj* path, Tcl_StatBuf* to) {
    const oracles::vfs_file file(text_of(path), false);
    if (!file.is_open()) {
        return missing();
    }
    std::memset(to, 0, sizeof(*to));
    to->st_mode = S_IFREG | 0644;
    to->st_nlink = 1;
    to->st_size = file.size();
    to->st_mtime = to->st_atime = to->st_ctime = std::time(nullptr);
    return 0;
}

int look_at_file(Tcl_Obj* path, Tcl_StatBuf* to) {
    const std::string name = spelled(path);
    return is_link(name) ? lstat(name.c_str(), to) : stat_file(path, to);
}

int access_file(Tcl_Obj* path, int mode) {
    if (!oracles::exists(text_of(path))) {
        return missing();
    }
    Tcl_SetErrno(EACCES);
    return (mode & X_OK) != 0 ? -1 : 0;
}

int delete_file(Tcl_Obj* path) {
    const std::string name = spelled(path);
    if (is_link(name)) {
        return unlink(name.c_str());
    }
    return oracles::remove(text_of(path)) ? 0 : missing();
}

int copy_file(Tcl_Obj* from, Tcl_Obj* to) {
    return oracles::copy(text_of(from), text_of(to)) ? TCL_OK : missing();
}

int rename_file(Tcl_Obj* from, Tcl_Obj* to) {
    return copy_file(from, to) == TCL_OK ? delete_file(from) : -1;
}

/// Tcl lists a directory of the disk itself, and asks other file systems for what they have
/// mounted there.
int match_in_directory(Tcl_Interp* /*interp*/, Tcl_Obj* result, Tcl_Obj* directory,
                       const char* pattern, Tcl_GlobTypeData* types) {
    const std::string prefix = text_of(directory) + "/";
    if (!types || (types->type & TCL_GLOB_TYPE_MOUNT) == 0 || !pattern) {
        return TCL_OK;
    }
    for (const std::string& name : oracles::names()) {
        const bool inside = name.compare(0, prefix.size(), prefix) == 0 &&
                            name.find('/', prefix.size()) == std::string::npos;
        if (inside && Tcl_StringMatch(name.c_str() + prefix.size(), pattern)) {
            Tcl_ListObjAppendElement(nullptr, result, Tcl_NewStringObj(name.c_str(), -1));
        }
    }
    return TCL_OK;
}

Tcl_Obj* link_file(Tcl_Obj* path, Tcl_Obj* target, int /*action*/) {
    const bool done = target && symlink(Tcl_GetString(target), spelled(path).c_str()) == 0;
    Tcl_SetErrno(target ? errno : EINVAL);
    Tcl_FSMountsChanged(nullptr);
    return done ? target : nullptr;
}

/// A directory is on the disk, also where its name is that of a database.
int create_directory(Tcl_Obj* path) {
    const bool done = mkdir(text_of(path).c_str(), 0777) == 0;
    Tcl_SetErrno(errno);
    Tcl_FSMountsChanged(nullptr);
    return done ? 0 : -1;
}

struct channel {
    oracles::vfs_file file;
    std::int64_t at = 0;
    bool appends = false;
};

channel& from(ClientData data) {
    return *static_cast<channel*>(data);
}

int channel_close(ClientData data, Tcl_Interp* /*interp*/) {
    delete &from(data);
    return 0;
}

int channel_input(ClientData data, char* to, int count, int* /*error*/) {
    const auto got = from(data).file.read(from(data).at, to, count);
    from(data).at += got;
    return static_cast<int>(got);
}

int channel_output(ClientData data, const char* bytes, int count, int* error) {
    channel& out = from(data);
    out.at = out.appends ? out.file.size() : out.at;
    if (!out.file.write(out.at, bytes, count)) {
        *error = EIO;
        return -1;
    }
    out.at += count;
    return count;
}

Tcl_WideInt channel_wide_seek(ClientData data, Tcl_WideInt offset, int base, int* /*error*/) {
    channel& moved = from(data);
    moved.at = offset + (base == SEEK_SET ? 0 : base == SEEK_CUR ? moved.at : moved.file.size());
    return moved.at;
}

int channel_seek(ClientData data, long offset, int base, int* error) {
    return static_cast<int>(channel_wide_seek(data, offset, base, error));
}

int channel_truncate(ClientData data, Tcl_WideInt size) {
    return from(data).file.truncate(size) ? 0 : EIO;
}

void channel_watch(ClientData /*data*/, int /*mask*/) {}

int channel_handle(ClientData /*data*/, int /*direction*/, ClientData* /*handle*/) {
    return TCL_ERROR;
}

const Tcl_ChannelType& channel_type() {
    static const Tcl_ChannelType type = [] {
        Tcl_ChannelType made{};
        made.typeName = "oracles";
        made.version = TCL_CHANNEL_VERSION_5;
        made.closeProc = channel_close;
        made.inputProc = channel_input;
        made.outputProc = channel_output;
        made.seekProc = channel_seek;
        made.watchProc = channel_watch;
        made.getHandleProc = channel_handle;
        made.wideSeekProc = channel_wide_seek;
        made.truncateProc = channel_truncate;
        return made;
    }();
    return type;
}

Tcl_Channel open_channel(Tcl_Interp* interp, Tcl_Obj* path, int mode, int /*permissions*/) {
    auto* const opened = new channel{{text_of(path), (mode & O_CREAT) != 0}};
    if (!opened->file.is_open()) {
        delete opened;
        missing();
        if (interp) {
            Tcl_AppendResult(interp, "couldn't open \"", Tcl_GetString(path),
                             "\": ", Tcl_PosixError(interp), nullptr);
        }
        return nullptr;
    }
    opened->appends = (mode & O_APPEND) != 0;
    if ((mode & O_TRUNC) != 0) {
        opened->file.truncate(0);
    }
    static int number = 0;
    const std::string name = "oracles" + std::to_string(++number);
    const int access = mode & O_ACCMODE;
    const int directions =
        (access == O_WRONLY ? 0 : TCL_READABLE) | (access == O_RDONLY ? 0 : TCL_WRITABLE);
    return Tcl_CreateChannel(&channel_type(), name.c_str(), opened, directions);
}

} // namespace

extern "C" void oracles_register_tcl_files() {
    static Tcl_Filesystem files{};
    files.typeName = "oracles";
    files.structureLength = sizeof(files);
    files.version = TCL_FILESYSTEM_VERSION_1;
    files.pathInFilesystemProc = path_in_filesystem;
    files.statProc = stat_file;
    files.accessProc = access_file;
    files.openFileChannelProc = open_channel;
    files.matchInDirectoryProc = match_in_directory;
    files.deleteFileProc = delete_file;
    files.copyFileProc = copy_file;
    files.renameFileProc = rename_file;
    files.lstatProc = look_at_file;
    files.linkProc = link_file;
    files.createDirectoryProc = create_directory;
    Tcl_FSRegister(nullptr, &files);
}

/// Tcl remembers which file system a path belongs to.
extern "C" void oracles_tcl_files_changed() {
    Tcl_FSMountsChanged(nullptr);
}
