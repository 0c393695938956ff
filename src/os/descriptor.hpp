#pragma once

#include "os/files.hpp"

#include <isolite/visibility.hpp>

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>

namespace isolite::os {

/// Closes a descriptor of the operating system. What fails says why in errno.
class ISOLITE_API descriptor {
  public:
    /// How to open a file. But for `read`, it may not be a link.
    enum class opening {
        read,
        read_no_link,
        write,   ///< Makes it if it is missing.
        rewrite, ///< Empties it, too.
        make,    ///< It may not be there.
    };

    explicit descriptor(int number) noexcept : number_(number) {}
    descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~descriptor() { static_cast<void>(close()); }

    /// Says whether opening it succeeded.
    explicit operator bool() const noexcept { return number_ >= 0; }
    [[nodiscard]] int number() const noexcept { return number_; }

    /// Opens a file without waiting for anybody, should it be a pipe. One that is made is for this
    /// user only, unless `permissions` say otherwise.
    [[nodiscard]] static descriptor open(const std::string& path, opening how,
                                         unsigned permissions = S_IRUSR | S_IWUSR) noexcept;

    /// Does so with the flags of the operating system.
    [[nodiscard]] static descriptor of_file(const std::string& path, int flags,
                                            unsigned permissions = S_IRUSR | S_IWUSR) noexcept;

    /// Returns nothing where it is not open: errno still says why.
    [[nodiscard]] std::optional<file_facts> facts() const noexcept;

    /// Writes all bytes, behind those that were written before, or from a place of the file.
    [[nodiscard]] bool write_all(std::string_view bytes) const noexcept;
    [[nodiscard]] bool write_at(std::uint64_t place, std::string_view bytes) const noexcept;

    /// Reads the next bytes: at most so many, none at the end of the file.
    [[nodiscard]] std::optional<std::size_t> read_some(char* to, std::size_t most) const noexcept;

    /// Returns bytes from a place of the file: fewer where it ends, or cannot be read.
    [[nodiscard]] std::string read_at(std::uint64_t place, std::size_t most) const;

    /// Returns the whole file; "" where it cannot be read.
    [[nodiscard]] std::string content() const;

    /// Gives the file a size. Returns false if that failed.
    [[nodiscard]] bool resize(std::uint64_t bytes) const noexcept;

    /// Waits until what was written is on the disk.
    [[nodiscard]] bool sync() const noexcept;

    /// Says that the file was modified now.
    [[nodiscard]] bool touch() const noexcept;

    /// Says that the file was modified at some time.
    [[nodiscard]] bool set_modified(const std::timespec& when) const noexcept;

    /// Gives the file permissions. Shape: as chmod takes them.
    [[nodiscard]] bool set_permissions(unsigned permissions) const noexcept;

    /// Says whether nobody else has the file open or mapped, in this process or another one; until
    /// this is closed, who opens it waits. Returns false, too, where the file system cannot tell.
    /// Requires: a file of this user's, open for writing.
    [[nodiscard]] bool is_the_only_one() const noexcept;

    /// Locks the file as `flock` does, alone or with others, for as long as the descriptor is open.
    /// Returns false if another process is in the way, or the file system has no locks.
    [[nodiscard]] bool lock_alone() const noexcept;
    [[nodiscard]] bool lock_shared() const noexcept;

    /// Closes it. The file system of a network tells only here that writing failed.
    [[nodiscard]] bool close() noexcept;

    /// Forgets the number, which stands for something else: a test may have closed all descriptors.
    void forget() noexcept { number_ = -1; }

  private:
    int number_;
};

} // namespace isolite::os
