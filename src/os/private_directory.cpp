#include "os/private_directory.hpp"

#include "os/stat_facts.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace isolite::os {
namespace {

using when_missing = private_directory::when_missing;

/// A level of a path. It is opened without reading it, waiting for it or following it.
struct level {
    descriptor file;
    struct stat status {};
    std::string path;

    level(int opened, std::string path) : file(opened), path(std::move(path)) {}

    /// Looks at it. Returns false, and errno says why, if that failed, or the opening.
    bool look() { return static_cast<bool>(file) && ::fstat(file.number(), &status) == 0; }
};

tl::unexpected<error> refusal(const purpose& purpose, const std::string& path,
                              const std::string& complaint, bool is_ours) {
    const std::string variable = purpose.variable;
    return tl::unexpected(
        error{errc::system, purpose.task + (": " + path) + " " + complaint,
              is_ours ? "delete it if it is a leftover, or name another directory in " + variable
                      : "name a directory of your own in " + variable +
                            ", e.g. a new one, which isolite will make"});
}

tl::unexpected<error> refused_link(const purpose& purpose, const level& link) {
    return refusal(purpose, link.path, "is a symbolic link, which another user may have put there",
                   true);
}

/// Opens a level in the one above it, and makes it if it is missing.
result<level> open_level(const level& above, const std::string& name, when_missing missing,
                         const purpose& purpose) {
    const bool make = missing == when_missing::make;
    constexpr int how = O_PATH | O_NOFOLLOW | O_CLOEXEC;
    const int directory = above.file.number();
    level found(::openat(directory, name.c_str(), how),
                (above.path == "/" ? "" : above.path) + "/" + name);
    const bool makes = !found.file && errno == ENOENT && make;
    if (makes) {
        if (::mkdirat(directory, name.c_str(), S_IRWXU) == 0) {
            // A test may have set a mask that keeps even its own process out.
            static_cast<void>(::fchmodat(directory, name.c_str(), S_IRWXU, AT_SYMLINK_NOFOLLOW));
        } // another process may have been faster, and else opening it fails as making it did
        const int failure = errno;
        found.file = descriptor(::openat(directory, name.c_str(), how));
        errno = found.file ? 0 : failure;
    }
    if (!found.look()) {
        return tl::unexpected(system_error(
            purpose, (makes ? "making the directory " : "opening the directory ") + found.path,
            errno));
    }
    return found;
}

/// Says whether what a user owns is none of others' making. Where identities are mapped, root has
/// another number, but the root directory is still root's.
bool is_trusted(uid_t owner) {
    struct stat root {};
    return owner == ::geteuid() || (::stat("/", &root) == 0 && owner == root.st_uid);
}

/// Returns where a level on the way leads to. It follows no link that somebody else has made.
result<level> followed(const level& above, const std::string& name, level found,
                       const purpose& purpose) {
    if (!S_ISLNK(found.status.st_mode)) {
        return found;
    }
    if (!is_trusted(found.status.st_uid)) {
        return refused_link(purpose, found);
    }
    found.file = descriptor(::openat(above.file.number(), name.c_str(), O_PATH | O_CLOEXEC));
    if (!found.look()) {
        return tl::unexpected(system_error(purpose, "opening the directory " + found.path, errno));
    }
    return found;
}

std::vector<std::string> levels_of(const std::string& path) {
    std::vector<std::string> names;
    for (std::size_t start = 0; start < path.size(); ++start) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        if (end > start) {
            names.push_back(path.substr(start, end - start));
        }
        start = end;
    }
    return names;
}

result<level> walk(const std::string& path, const purpose& purpose, when_missing missing) {
    if (path.size() + NAME_MAX >= PATH_MAX) { // level by level it could be made, but not used
        return tl::unexpected(system_error(purpose, "opening the directory " + path, ENAMETOOLONG));
    }
    level at(::open("/", O_PATH | O_CLOEXEC), "/");
    static_cast<void>(at.look()); // if it fails, so does opening what is in it
    const auto names = levels_of(path);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const bool is_last = i + 1 == names.size();
        auto next = open_level(at, names[i], missing, purpose);
        if (next && !is_last) {
            next = followed(at, names[i], *std::move(next), purpose);
        }
        if (!next) {
            return next;
        }
        at = *std::move(next);
    }
    return at;
}

/// Makes sure that others cannot put anything into a directory or, if it may be shared, that they
/// cannot rename or remove what is ours.
result<void> check(const level& found, const purpose& purpose, bool shared) {
    const struct stat& status = found.status;
    if (S_ISLNK(status.st_mode)) {
        return refused_link(purpose, found);
    }
    if (!S_ISDIR(status.st_mode)) {
        return refusal(purpose, found.path, "is not a directory", true);
    }
    if (status.st_uid != ::geteuid() && !(shared && is_trusted(status.st_uid))) {
        return refusal(purpose, found.path,
                       "belongs to user " + std::to_string(status.st_uid) + ", not to user " +
                           std::to_string(::geteuid()),
                       false);
    }
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !(shared && (status.st_mode & S_ISVTX))) {
        return refusal(purpose, found.path, "may be written by other users", false);
    }
    return {};
}

} // namespace

result<private_directory> private_directory::open(const std::string& path, const purpose& purpose,
                                                  when_missing missing, sharing sharing) {
    return walk(path, purpose, missing).and_then([&](level found) {
        return check(found, purpose, sharing == sharing::allowed).map([&] {
            return private_directory(std::move(found.file), std::move(found.path), purpose);
        });
    });
}

result<private_directory> private_directory::open_in(const std::string& name,
                                                     when_missing missing) const {
    level above(::openat(number(), ".", O_PATH | O_CLOEXEC), path_);
    return open_level(above, name, missing, purpose_).and_then([&](level found) {
        return check(found, purpose_, false).map([&] {
            return private_directory(std::move(found.file), std::move(found.path), purpose_);
        });
    });
}

bool private_directory::make_directory(const std::string& name) const noexcept {
    if (::mkdirat(number(), name.c_str(), S_IRWXU) != 0) {
        return false;
    }
    // A test may have set a mask that keeps even its own process out.
    static_cast<void>(::fchmodat(number(), name.c_str(), S_IRWXU, AT_SYMLINK_NOFOLLOW));
    return true;
}

bool private_directory::set_modified(const std::timespec& when) const noexcept {
    const std::timespec times[] = {{0, UTIME_OMIT}, when};
    return ::utimensat(number(), ".", times, 0) == 0;
}

bool private_directory::set_private() const noexcept {
    return ::fchmodat(number(), ".", S_IRWXU, 0) == 0;
}

descriptor private_directory::locked_alone() const {
    descriptor opened = to_read();
    return opened && opened.lock_alone() ? std::move(opened) : descriptor(-1);
}

descriptor private_directory::locked_shared() const {
    descriptor opened = to_read();
    return opened && opened.lock_shared() ? std::move(opened) : descriptor(-1);
}

descriptor private_directory::to_read() const {
    return descriptor(::openat(number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

std::optional<file_facts> private_directory::look_at(const std::string& name) const noexcept {
    struct stat status {};
    return ::fstatat(number(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0
               ? std::optional(facts_of(status))
               : std::nullopt;
}

bool private_directory::remove_file(const std::string& name) const noexcept {
    return ::unlinkat(number(), name.c_str(), 0) == 0;
}

bool private_directory::remove_directory(const std::string& name) const noexcept {
    return ::unlinkat(number(), name.c_str(), AT_REMOVEDIR) == 0;
}

descriptor private_directory::open_file(const std::string& name) const noexcept {
    return descriptor(
        ::openat(number(), name.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
}

descriptor private_directory::make_file(const std::string& name) const {
    descriptor file(::openat(number(), name.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                             S_IRUSR | S_IWUSR));
    if (file) { // a test may have set a mask that keeps even its own process out
        static_cast<void>(::fchmod(file.number(), S_IRUSR | S_IWUSR));
    }
    return file;
}

std::vector<std::string> private_directory::names() const {
    return names_read_from(::fdopendir(::openat(number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
                           nullptr);
}

result<void> make_private_directory(const std::string& path, const purpose& purpose) {
    return private_directory::open(path, purpose).map([](const private_directory&) {});
}

} // namespace isolite::os
