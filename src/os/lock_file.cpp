#include "os/lock_file.hpp"

#include <algorithm>
#include <boost/interprocess/sync/file_lock.hpp>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace isolite::os {
namespace {

/// A lock file that a process has open. A forked child inherits the list, but nobody's locks.
struct open_file {
    pid_t owner;
    dev_t device;
    ino_t inode;
};

std::mutex& open_files_mutex() {
    // Never destroyed, because the claim of the worker is released after the destructors of
    // globals.
    static auto* const mutex = new std::mutex;
    return *mutex;
}

std::vector<open_file>& open_files() {
    static auto* const files = new std::vector<open_file>;
    return *files;
}

auto find_open_file(dev_t device, ino_t inode) {
    return std::find_if(open_files().begin(), open_files().end(), [&](const open_file& file) {
        return file.owner == ::getpid() && file.device == device && file.inode == inode;
    });
}

std::string hint_for(const std::string& variable, int cause) {
    switch (cause) {
    case ENOSPC:
    case EDQUOT:
        return "free space there, or name another directory in " + variable;
    case EACCES:
    case EPERM:
    case EROFS:
        return "make it writable for this user, or name another directory in " + variable;
    case ENAMETOOLONG:
        return "name a shorter path in " + variable;
    case EFBIG:
        return "raise the limit of file sizes, e.g. with `ulimit -f`";
    case EMFILE:
    case ENFILE:
        return "raise the limit of open files, e.g. with `ulimit -n`";
    case ENOLCK:
    case ENOTSUP:
        return "the file system has no locks: name a local directory in " + variable;
    default:
        return "name another directory in " + variable + " if this one cannot be used";
    }
}

/// Creates `path` and finds out which file it is. Closes it again: a descriptor that is closed once
/// the lock is held would give it up.
result<struct stat> create(const std::string& path, const purpose& purpose) {
    const int file =
        ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (file < 0) {
        return tl::unexpected(system_error(purpose, "making the lock file " + path, errno));
    }
    struct stat status {};
    const int failure = ::fstat(file, &status) != 0 ? errno : 0;
    ::close(file);
    if (failure != 0) {
        return tl::unexpected(system_error(purpose, "looking at the lock file " + path, failure));
    }
    return status;
}

/// Makes sure that `path` is a regular file, without opening it if it is there.
result<struct stat> find_or_create(const std::string& path, const purpose& purpose) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
        return create(path, purpose);
    }
    if (!S_ISREG(status.st_mode)) {
        return tl::unexpected(
            error{errc::system, purpose.task + (": " + path) + " is not a regular file",
                  "something else stands where isolite keeps a lock file: delete it"});
    }
    return status;
}

} // namespace

error system_error(const purpose& purpose, const std::string& action, int cause) {
    return {errc::system, purpose.task + (": " + action) + " failed: " + std::strerror(cause),
            hint_for(purpose.variable, cause)};
}

result<lock_file> lock_file::open(const std::string& path, const purpose& purpose) {
    const std::lock_guard<std::mutex> guard(open_files_mutex());
    for (;;) {
        const auto status = find_or_create(path, purpose);
        if (!status) {
            return tl::unexpected(status.error());
        }
        if (find_open_file(status->st_dev, status->st_ino) != open_files().end()) {
            return tl::unexpected(
                error{errc::internal,
                      purpose.task + (": this process has the lock file " + path) + " open already",
                      "please report it"});
        }
        lock_file opened(path, purpose, status->st_dev, status->st_ino);
        try {
            opened.lock_ = std::make_unique<boost::interprocess::file_lock>(path.c_str());
            open_files().push_back({::getpid(), opened.device_, opened.inode_});
            return opened;
        } catch (const boost::interprocess::interprocess_exception& failure) {
            if (failure.get_native_error() != ENOENT) { // it was removed meanwhile: make another
                return tl::unexpected(system_error(purpose, "opening the lock file " + path,
                                                   failure.get_native_error()));
            }
        }
    }
}

bool lock_file::is_open_here(const std::string& path) {
    const std::lock_guard<std::mutex> guard(open_files_mutex());
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 &&
           find_open_file(status.st_dev, status.st_ino) != open_files().end();
}

lock_file::lock_file(std::string path, const purpose& purpose, dev_t device, ino_t inode)
    : path_(std::move(path)), purpose_(purpose), device_(device), inode_(inode) {}

lock_file::lock_file(lock_file&& other) noexcept = default;

lock_file& lock_file::operator=(lock_file&& other) noexcept {
    if (this != &other) {
        close();
        path_ = std::move(other.path_);
        purpose_ = other.purpose_;
        device_ = other.device_;
        inode_ = other.inode_;
        lock_ = std::move(other.lock_);
    }
    return *this;
}

lock_file::~lock_file() {
    close();
}

void lock_file::close() noexcept {
    if (lock_ == nullptr) {
        return;
    }
    const std::lock_guard<std::mutex> guard(open_files_mutex());
    lock_.reset();
    const auto entry = find_open_file(device_, inode_);
    if (entry != open_files().end()) {
        open_files().erase(entry);
    }
}

result<bool> lock_file::try_lock() {
    try {
        return lock_->try_lock();
    } catch (const boost::interprocess::interprocess_exception& failure) {
        return tl::unexpected(
            system_error(purpose_, "locking the file " + path_, failure.get_native_error()));
    }
}

result<void> lock_file::lock_within(std::chrono::milliseconds patience) {
    using clock = std::chrono::steady_clock;
    constexpr std::chrono::microseconds longest_pause(2000);
    const auto deadline = clock::now() + patience;
    std::chrono::microseconds pause(20);
    // A blocking lock would hang for ever behind a holder that a debugger stopped.
    for (;;) {
        const auto locked = try_lock();
        if (!locked) {
            return tl::unexpected(locked.error());
        }
        if (*locked) {
            return {};
        }
        if (clock::now() >= deadline) {
            return tl::unexpected(error{
                errc::system,
                purpose_.task + (": another process held the lock file " + path_) + " for " +
                    std::to_string(patience.count()) + " ms",
                "it is probably stopped, e.g. in a debugger; `fuser " + path_ + "` names it"});
        }
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, longest_pause);
    }
}

bool lock_file::is_at_its_path() const {
    struct stat status {};
    return ::lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ &&
           status.st_ino == inode_;
}

} // namespace isolite::os
