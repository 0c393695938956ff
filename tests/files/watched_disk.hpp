#pragma once

#include <sqlite3.h>

#include <functional>

namespace isolite::paths::tests {

/// SQLite's VFS of the disk, whose files tell a test what is done to them. One at a time.
class watched_disk {
  public:
    watched_disk() : beneath_(sqlite3_vfs_find("unix")), vfs_(*beneath_) {
        present_ = this;
        vfs_.xOpen = open;
    }
    ~watched_disk() { present_ = nullptr; }
    watched_disk(const watched_disk&) = delete;
    watched_disk& operator=(const watched_disk&) = delete;

    [[nodiscard]] sqlite3_vfs& vfs() { return vfs_; }

    std::function<void(int code)> after_lock;
    std::function<void()> after_read;
    bool fails_to_lock = false;
    int reads = 0;

  private:
    static int open(sqlite3_vfs* /*vfs*/, sqlite3_filename name, sqlite3_file* file, int flags,
                    int* out_flags) {
        sqlite3_vfs* const beneath = present_->beneath_;
        const int code = beneath->xOpen(beneath, name, file, flags, out_flags);
        if (code == SQLITE_OK) {
            present_->methods_beneath_ = file->pMethods;
            present_->methods_ = *file->pMethods;
            present_->methods_.xLock = lock;
            present_->methods_.xRead = read;
            file->pMethods = &present_->methods_;
        }
        return code;
    }

    static int lock(sqlite3_file* file, int level) {
        if (present_->fails_to_lock) {
            return SQLITE_IOERR_LOCK;
        }
        const int code = present_->methods_beneath_->xLock(file, level);
        if (present_->after_lock) {
            present_->after_lock(code);
        }
        return code;
    }

    static int read(sqlite3_file* file, void* to, int count, sqlite3_int64 place) {
        const int code = present_->methods_beneath_->xRead(file, to, count, place);
        ++present_->reads;
        if (present_->after_read) {
            present_->after_read();
        }
        return code;
    }

    static inline watched_disk* present_ = nullptr;
    sqlite3_vfs* beneath_;
    sqlite3_vfs vfs_;
    const sqlite3_io_methods* methods_beneath_ = nullptr;
    sqlite3_io_methods methods_{};
};

} // namespace isolite::paths::tests
