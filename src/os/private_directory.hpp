#pragma once

#include "os/descriptor.hpp"
#include "os/lock_file.hpp"

#include <optional>
#include <string>
#include <vector>

namespace isolite::os {

/// A directory of this user that nobody else may write to, held open. What is done relative to its
/// descriptor stays in it, whatever others do to its path meanwhile.
class private_directory {
  public:
    /// Whether to make what is missing of a path, each level for this user only.
    enum class when_missing { fail, make };

    /// Whether it may also be a directory of this user or of root in which others cannot rename or
    /// remove what is ours, e.g. /tmp. What is opened in it must be private all the same.
    enum class sharing { refused, allowed };

    /// Opens a directory. A symbolic link on the way to it is followed if it is this user's or
    /// root's.
    /// Requires: an absolute path. Slashes at its end count for nothing.
    /// Errors: errc::system if it is missing or cannot be made, is a symbolic link or something
    ///   else, belongs to someone else, or may be written by others. Somebody may have put it there
    ///   in /tmp before us.
    [[nodiscard]] static result<private_directory> open(const std::string& path,
                                                        const purpose& purpose,
                                                        when_missing missing = when_missing::make,
                                                        sharing sharing = sharing::refused);

    /// Opens a directory in this one.
    [[nodiscard]] result<private_directory>
    open_in(const std::string& name, when_missing missing = when_missing::make) const;

    /// Makes a directory in this one that was not there, for this user only. Returns false, and
    /// errno says why, if that failed.
    [[nodiscard]] bool make_directory(const std::string& name) const noexcept;

    /// Looks at the directory itself, wherever it is now. Returns nothing if it was closed, as a
    /// test may do that closes all descriptors.
    [[nodiscard]] std::optional<file_facts> facts() const noexcept { return file_.facts(); }

    /// Says that it was modified at some time. Returns false if that failed.
    [[nodiscard]] bool set_modified(const std::timespec& when) const noexcept;

    /// Lets only this user into it. Returns false if that failed.
    [[nodiscard]] bool set_private() const noexcept;

    /// Forgets its descriptor, as `descriptor::forget`.
    void forget() noexcept { file_.forget(); }

    /// Locks it as `flock` does, alone or with others, for as long as the descriptor is open.
    /// Returns none when it cannot be read, or is locked by another process.
    [[nodiscard]] descriptor locked_alone() const;
    [[nodiscard]] descriptor locked_shared() const;

    /// Makes a file that was not there, for this user only. Returns none, and errno says why.
    [[nodiscard]] descriptor make_file(const std::string& name) const;

    /// Opens a file to read and to write it, without following or making it.
    [[nodiscard]] descriptor open_file(const std::string& name) const noexcept;

    /// Looks at a file in it, without opening or following it.
    [[nodiscard]] std::optional<file_facts> look_at(const std::string& name) const noexcept;

    /// Removes a file in it, or an empty directory. Returns false, and errno says why, if that
    /// failed.
    bool remove_file(const std::string& name) const noexcept;
    bool remove_directory(const std::string& name) const noexcept;

    /// Returns what is in it, without `.` and `..`, in no order; nothing if it cannot be read.
    [[nodiscard]] std::vector<std::string> names() const;

    /// Returns the descriptor to which names are relative. It is not open for reading.
    [[nodiscard]] int number() const noexcept { return file_.number(); }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

  private:
    private_directory(descriptor file, std::string path, const purpose& purpose)
        : file_(std::move(file)), path_(std::move(path)), purpose_(purpose) {}

    [[nodiscard]] descriptor to_read() const;

    descriptor file_;
    std::string path_;
    purpose purpose_;
};

/// Makes sure that `path` is a private directory. Errors: as `private_directory::open`.
[[nodiscard]] result<void> make_private_directory(const std::string& path, const purpose& purpose);

} // namespace isolite::os
