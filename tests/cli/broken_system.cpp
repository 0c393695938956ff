// Loaded before the libraries of a program, with BROKEN=memfd or BROKEN=locks for a system that
// lacks these, BROKEN=sqlite for an old library of SQLite, BROKEN=exec for one that fails.

#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

bool is_broken(const char* what) {
    const char* const broken = std::getenv("BROKEN");
    return broken && std::strcmp(broken, what) == 0;
}

} // namespace

extern "C" {

int memfd_create(const char* name, unsigned flags) {
    if (is_broken("memfd")) {
        errno = EPERM;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_memfd_create, name, flags));
}

// The name that code with _FILE_OFFSET_BITS=64 calls.
int fcntl64(int file, int command, ...) {
    std::va_list arguments;
    va_start(arguments, command);
    void* const argument = va_arg(arguments, void*);
    va_end(arguments);
    if (command == F_SETLK && is_broken("locks")) {
        errno = ENOLCK;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_fcntl, file, command, argument));
}

int sqlite3_libversion_number() {
    return is_broken("sqlite") ? 3034000 : 99999999;
}

int sqlite3_exec(sqlite3* database, const char* sql, sqlite3_callback row, void* context,
                 char** message) {
    using function = decltype(&sqlite3_exec);
    if (is_broken("exec")) {
        return SQLITE_ERROR;
    }
    const auto next = reinterpret_cast<function>(::dlsym(RTLD_NEXT, "sqlite3_exec"));
    return next(database, sql, row, context, message);
}
}
