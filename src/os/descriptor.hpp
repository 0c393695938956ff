#pragma once

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace isolite::os {

/// Closes a descriptor of the operating system.
class descriptor {
  public:
    explicit descriptor(int number) noexcept : number_(number) {}
    descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }

    /// Says whether opening it succeeded.
    explicit operator bool() const noexcept { return number_ >= 0; }
    [[nodiscard]] int number() const noexcept { return number_; }

    /// Opens a file without waiting for anybody, should it be a pipe.
    [[nodiscard]] static descriptor of_file(const std::string& path, int flags,
                                            mode_t mode = S_IRUSR | S_IWUSR) noexcept {
        return descriptor(::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK, mode));
    }

    /// Writes all bytes. Returns false if that failed, and errno says why.
    [[nodiscard]] bool write_all(std::string_view bytes) const noexcept {
        while (!bytes.empty()) {
            const ssize_t written = ::write(number_, bytes.data(), bytes.size());
            if (written < 0 && errno != EINTR) {
                return false;
            }
            bytes.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
        }
        return true;
    }

  private:
    int number_;
};

} // namespace isolite::os
