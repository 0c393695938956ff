#pragma once

#include <isolite/error.hpp>

#include <chrono>
#include <memory>
#include <string>

#include <sys/types.h>

namespace boost::interprocess {
class file_lock;
}

namespace isolite::os {

/// What a file or directory is for, as messages about it say.
struct purpose {
    const char* task;     ///< What failed: it reads after "cannot ".
    const char* variable; ///< The variable that names another directory.
};

/// A file that one process at a time may hold; the kernel frees it when its holder ends.
///
/// Boost's `file_lock` is an fcntl lock, with two traps. Two objects of one process both get the
/// lock; and closing any descriptor of the file, even that of a stream that only read it, gives the
/// lock up without a word. So the file is opened here and nowhere else, it has no content, and a
/// second object for a file that this process has open already is refused. A child inherits the
/// descriptor, even across exec, but not the lock, and closing it there does no harm.
class lock_file {
  public:
    /// Opens `path`; creates it, readable for its owner only, if it is missing or is just being
    /// removed by its last holder.
    ///
    /// Errors: `errc::system`, with the path; `errc::internal` if this process has it open.
    [[nodiscard]] static result<lock_file> open(const std::string& path, const purpose& purpose);

    /// Says whether this process has the file at `path` open as a lock.
    [[nodiscard]] static bool is_open_here(const std::string& path);

    lock_file(lock_file&& other) noexcept;
    lock_file& operator=(lock_file&& other) noexcept;
    lock_file(const lock_file&) = delete;
    lock_file& operator=(const lock_file&) = delete;
    /// Gives the lock up, if it is held, and leaves the file.
    ~lock_file();

    /// Takes the lock if nobody holds it, else returns false at once.
    [[nodiscard]] result<bool> try_lock();

    /// Takes the lock; waits for its holder, but not for ever.
    ///
    /// Errors: `errc::system` if it was held all the time.
    [[nodiscard]] result<void> lock_within(std::chrono::milliseconds patience);

    /// Says whether the path still names the file that was opened: someone may have deleted it.
    [[nodiscard]] bool is_at_its_path() const;

  private:
    lock_file(std::string path, const purpose& purpose, dev_t device, ino_t inode);
    void close() noexcept;

    std::string path_;
    purpose purpose_;
    dev_t device_;
    ino_t inode_;
    std::unique_ptr<boost::interprocess::file_lock> lock_;
};

/// Builds `errc::system` from `cause`, a value of errno: TASK: ACTION failed: REASON.
[[nodiscard]] error system_error(const purpose& purpose, const std::string& action, int cause);

} // namespace isolite::os
