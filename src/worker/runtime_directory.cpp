#include "worker/runtime_directory.hpp"

#include "worker/file_names.hpp"

#include <cerrno>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace isolite::detail {
namespace {

/// A user who is not logged in, or someone after `su`, has a wrong XDG_RUNTIME_DIR or none.
bool is_usable(const std::string& directory) {
    struct stat status {};
    return is_absolute(directory) && ::stat(directory.c_str(), &status) == 0 &&
           S_ISDIR(status.st_mode) && status.st_uid == ::geteuid() &&
           ::access(directory.c_str(), W_OK | X_OK) == 0;
}

result<std::string> absolute_path(const std::string& name, const std::string& value) {
    if (is_absolute(value)) {
        return value;
    }
    return tl::unexpected(variable_error(
        "claim a worker slot", name, value, "not an absolute path",
        "write a path that begins with /: it must name the same directory in all workers"));
}

result<std::string> choose_directory(const environment& variables) {
    if (const auto chosen = variables.find("ISOLITE_RUNTIME_DIR")) {
        return absolute_path("ISOLITE_RUNTIME_DIR", *chosen);
    }
    if (const auto session = variables.find("XDG_RUNTIME_DIR"); session && is_usable(*session)) {
        return *session + "/isolite";
    }
    return absolute_path("TMPDIR", temporary_directory(variables)).map(own_directory_in);
}

result<void> refuse(const purpose& purpose, const std::string& path, const std::string& complaint,
                    std::string hint) {
    return tl::unexpected(
        error{errc::system, purpose.task + (": " + path) + " " + complaint, std::move(hint)});
}

} // namespace

result<void> make_private_directory(const std::string& path, const purpose& purpose) {
    if (::mkdir(path.c_str(), S_IRWXU) == 0) {
        // A test may have set a mask that keeps even its own process out.
        static_cast<void>(::chmod(path.c_str(), S_IRWXU));
    } else if (errno != EEXIST) {
        return tl::unexpected(system_error(purpose, "making the directory " + path, errno));
    }
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
        return tl::unexpected(system_error(purpose, "looking at the directory " + path, errno));
    }
    const std::string variable = purpose.variable;
    const std::string leftover =
        "delete it if it is a leftover, or name another directory in " + variable;
    const std::string not_ours =
        "name a directory of your own in " + variable + ", e.g. a new one, which isolite will make";
    if (S_ISLNK(status.st_mode)) {
        return refuse(purpose, path, "is a symbolic link, which another user may have put there",
                      leftover);
    }
    if (!S_ISDIR(status.st_mode)) {
        return refuse(purpose, path, "is not a directory", leftover);
    }
    if (status.st_uid != ::geteuid()) {
        return refuse(purpose, path,
                      "belongs to user " + std::to_string(status.st_uid) + ", not to user " +
                          std::to_string(::geteuid()),
                      not_ours);
    }
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return refuse(purpose, path, "may be written by other users", not_ours);
    }
    return {};
}

result<std::string> runtime_directory(const environment& variables) {
    auto chosen = choose_directory(variables);
    if (!chosen) {
        return chosen;
    }
    if (const auto made = make_private_directory(*chosen); !made) {
        return tl::unexpected(made.error());
    }
    return chosen;
}

} // namespace isolite::detail
