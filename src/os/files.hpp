#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

namespace isolite::os {

/// What a file system says of a file.
struct file_facts {
    enum class kind { regular, directory, link, other };

    kind what = kind::other;
    std::uint64_t device = 0;
    std::uint64_t number = 0; ///< With the device it is unique while the file is there.
    std::uint64_t links = 0;
    std::uint64_t bytes = 0;
    std::uint64_t owner = 0;
    unsigned permissions = 0; ///< Shape: as chmod takes them.
    std::timespec modified{};
    std::timespec changed{}; ///< Its content, its owner, its name or anything else.

    [[nodiscard]] bool is_regular() const { return what == kind::regular; }
    [[nodiscard]] bool is_directory() const { return what == kind::directory; }
};

/// Looks at a file without opening it or following it, should it be a link. Returns nothing, and
/// errno says why, if that failed.
[[nodiscard]] std::optional<file_facts> look_at(const std::string& path) noexcept;

/// Looks at what a path leads to.
[[nodiscard]] std::optional<file_facts> look_behind(const std::string& path) noexcept;

[[nodiscard]] bool is_equal(const std::timespec& one, const std::timespec& other) noexcept;

/// Says whether a file is the same and as it was.
[[nodiscard]] bool is_unchanged(const file_facts& then, const file_facts& now) noexcept;

/// Returns the time that a file gets which is changed now, on a file system of this machine.
[[nodiscard]] std::timespec time_in_files() noexcept;

/// Says whether a file that is looked at after `now` will show each later change in its facts: a
/// change in the same tick of the clock would have the same time.
[[nodiscard]] bool is_settled(const file_facts& facts, const std::timespec& now) noexcept;

/// Removes a file. Returns false, and errno says why, if that failed.
bool remove_file(const std::string& path) noexcept;

/// Removes a directory and all that is in it, also where its owner may not write; it follows no
/// link. Does nothing where there is none.
void remove_tree(const std::string& path) noexcept;

/// Returns how many bytes this user may still write to a file system, 0 if that is unknown.
[[nodiscard]] std::uint64_t free_bytes(const std::string& path) noexcept;

/// Makes sure that a file is there and was modified now. Returns as `remove_file`.
[[nodiscard]] bool touch(const std::string& path) noexcept;

/// Makes sure that a file of this user is there, without opening it: to close a descriptor frees
/// the locks that this process has on the file. Returns as `remove_file`.
[[nodiscard]] bool make_unopened(const std::string& path) noexcept;

/// Says whether this user may read a file, or may write to it too. Else errno says why.
[[nodiscard]] bool may_read(const std::string& path) noexcept;
[[nodiscard]] bool may_write(const std::string& path) noexcept;

/// Says whether a path leads to a directory that belongs to this user, who may make files in it.
[[nodiscard]] bool is_own_directory(const std::string& path) noexcept;

/// Returns what is in a directory, without `.` and `..`, in no order, as far as it can be read:
/// another process may be removing it. `failure` gets a value of errno, or 0.
[[nodiscard]] std::vector<std::string> names_in(const std::string& directory,
                                                int* failure = nullptr);

} // namespace isolite::os
