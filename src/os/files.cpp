#include "os/files.hpp"

#include "os/descriptor.hpp"
#include "os/other_clock.hpp"
#include "os/stat_facts.hpp"

#include <cerrno>
#include <exception>
#include <filesystem>
#include <system_error>

#include <sys/statvfs.h>
#include <unistd.h>

namespace isolite::os {

file_facts facts_of(const struct stat& status) noexcept {
    constexpr unsigned all_permissions = 07777;
    file_facts facts;
    facts.what = S_ISREG(status.st_mode)   ? file_facts::kind::regular
                 : S_ISDIR(status.st_mode) ? file_facts::kind::directory
                 : S_ISLNK(status.st_mode) ? file_facts::kind::link
                                           : file_facts::kind::other;
    facts.device = status.st_dev;
    facts.number = status.st_ino;
    facts.links = status.st_nlink;
    facts.bytes = static_cast<std::uint64_t>(status.st_size);
    facts.owner = status.st_uid;
    facts.permissions = status.st_mode & all_permissions;
    facts.modified = status.st_mtim;
    facts.changed = status.st_ctim;
    return facts;
}

std::optional<file_facts> look_at(const std::string& path) noexcept {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 ? std::optional(facts_of(status)) : std::nullopt;
}

std::optional<file_facts> look_behind(const std::string& path) noexcept {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? std::optional(facts_of(status)) : std::nullopt;
}

bool is_equal(const std::timespec& one, const std::timespec& other) noexcept {
    return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

bool is_unchanged(const file_facts& then, const file_facts& now) noexcept {
    return then.device == now.device && then.number == now.number && then.bytes == now.bytes &&
           is_equal(then.modified, now.modified) && is_equal(then.changed, now.changed);
}

std::timespec time_in_files() noexcept {
    return time_of_machine();
}

bool is_settled(const file_facts& facts, const std::timespec& now) noexcept {
    const std::timespec& last = facts.changed; // which, unlike `modified`, nobody can set
    const bool may_count_seconds = last.tv_nsec == 0;
    return last.tv_sec < now.tv_sec ||
           (last.tv_sec == now.tv_sec && !may_count_seconds && last.tv_nsec < now.tv_nsec);
}

bool remove_file(const std::string& path) noexcept {
    return ::unlink(path.c_str()) == 0;
}

void remove_tree(const std::string& path) noexcept {
    namespace fs = std::filesystem;
    std::error_code failure;
    fs::remove_all(path, failure);
    if (!failure) {
        return;
    }
    try { // a test may have taken permissions away
        fs::permissions(path, fs::perms::owner_all, fs::perm_options::add);
        for (const auto& each : fs::recursive_directory_iterator(path)) {
            if (each.symlink_status().type() == fs::file_type::directory) {
                fs::permissions(each.path(), fs::perms::owner_all, fs::perm_options::add);
            }
        }
        fs::remove_all(path, failure);
    } catch (const std::exception&) { // what cannot be removed stays
    }
}

std::uint64_t free_bytes(const std::string& path) noexcept {
    struct statvfs found {};
    return ::statvfs(path.c_str(), &found) == 0 ? std::uint64_t{found.f_bavail} * found.f_frsize
                                                : 0;
}

bool touch(const std::string& path) noexcept {
    constexpr mode_t for_all = 0666; // the umask decides
    const auto file = descriptor::of_file(path, O_WRONLY | O_CREAT, for_all);
    return file && ::futimens(file.number(), nullptr) == 0;
}

bool make_unopened(const std::string& path) noexcept {
    return ::mknod(path.c_str(), S_IFREG | S_IRUSR | S_IWUSR, 0) == 0 || errno == EEXIST;
}

bool may_read(const std::string& path) noexcept {
    return ::faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) == 0;
}

bool may_write(const std::string& path) noexcept {
    return ::faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK, AT_EACCESS) == 0;
}

bool is_own_directory(const std::string& path) noexcept {
    const auto found = look_behind(path);
    return found && found->is_directory() && found->owner == ::geteuid() &&
           ::access(path.c_str(), W_OK | X_OK) == 0;
}

std::vector<std::string> names_read_from(DIR* directory, int* failure) {
    std::vector<std::string> names;
    int unread = directory == nullptr ? errno : 0;
    while (directory != nullptr) {
        errno = 0;
        const dirent* const entry = ::readdir(directory);
        if (entry == nullptr) {
            unread = errno;
            ::closedir(directory);
            break;
        }
        const std::string name = entry->d_name;
        if (name != "." && name != "..") {
            names.push_back(name);
        }
    }
    if (failure != nullptr) {
        *failure = unread;
    }
    return names;
}

std::vector<std::string> names_in(const std::string& directory, int* failure) {
    return names_read_from(::opendir(directory.c_str()), failure);
}

} // namespace isolite::os
