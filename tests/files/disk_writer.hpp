#pragma once

#include <array>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace isolite::paths::tests {

/// Another process that writes a transaction to a database of the disk, with the locks that SQLite
/// takes for that. It does what it is told, and has done it when the call returns.
/// Source: https://www.sqlite.org/src/file?name=src/os.h, "lock bytes"
class disk_writer {
  public:
    struct range {
        off_t first;
        off_t count;
    };
    static constexpr off_t pending_byte = 0x40000000;
    static constexpr range reserved{pending_byte + 1, 1};
    static constexpr range exclusive{pending_byte, 512};

    disk_writer(const std::string& name, range locked) {
        if (::pipe(to_child_.data()) != 0 || ::pipe(from_child_.data()) != 0) {
            throw std::runtime_error("pipe failed");
        }
        child_ = ::fork();
        if (child_ == 0) {
            ::close(to_child_[1]);
            ::close(from_child_[0]);
            obey(name, locked);
        }
        ::close(to_child_[0]);
        ::close(from_child_[1]);
        await_answer();
    }
    ~disk_writer() { end(); }
    disk_writer(const disk_writer&) = delete;
    disk_writer& operator=(const disk_writer&) = delete;

    /// Change a byte each of a file of two pages.
    void write_half() { tell('h'); }
    void write_rest() { tell('r'); }

    /// Ends the process, and with it its lock.
    void end() {
        if (child_ > 0) {
            ::close(to_child_[1]);
            ::waitpid(child_, nullptr, 0);
            ::close(from_child_[0]);
            child_ = 0;
        }
    }

    /// Returns what the file is when all was written.
    static std::string whole(const std::string& name) {
        const int file = ::open(name.c_str(), O_RDONLY);
        std::string bytes(static_cast<std::size_t>(::lseek(file, 0, SEEK_END)), '\0');
        const bool is_read = ::pread(file, bytes.data(), bytes.size(), 0) > 0;
        ::close(file);
        const bool is_whole = is_read && bytes[place_of('h')] == 'h' && bytes[place_of('r')] == 'r';
        return is_whole ? bytes : "half";
    }

    /// Says whether this process could write a transaction to a file.
    static bool may_lock(const std::string& name) {
        const int file = ::open(name.c_str(), O_RDWR);
        struct flock lock = lock_of(reserved);
        ::fcntl(file, F_GETLK, &lock);
        ::close(file);
        return lock.l_type == F_UNLCK;
    }

  private:
    static off_t place_of(char command) { return command == 'h' ? 8000 : 6000; }

    static struct flock lock_of(range bytes) {
        struct flock lock {};
        lock.l_type = F_WRLCK;
        lock.l_whence = SEEK_SET;
        lock.l_start = bytes.first;
        lock.l_len = bytes.count;
        return lock;
    }

    [[noreturn]] void obey(const std::string& name, range locked) {
        const int file = ::open(name.c_str(), O_RDWR);
        struct flock lock = lock_of(locked);
        bool done = ::fcntl(file, F_SETLK, &lock) == 0 && ::write(from_child_[1], "l", 1) == 1;
        char command = 0;
        while (done && ::read(to_child_[0], &command, 1) == 1) {
            done = ::pwrite(file, &command, 1, place_of(command)) == 1 &&
                   ::write(from_child_[1], &command, 1) == 1;
        }
        ::_exit(0);
    }

    void tell(char command) {
        if (::write(to_child_[1], &command, 1) != 1) {
            throw std::runtime_error("the writer has ended");
        }
        await_answer();
    }

    void await_answer() {
        char answer = 0;
        if (::read(from_child_[0], &answer, 1) != 1) {
            throw std::runtime_error("the writer failed");
        }
    }

    std::array<int, 2> to_child_{};
    std::array<int, 2> from_child_{};
    pid_t child_ = 0;
};

} // namespace isolite::paths::tests
