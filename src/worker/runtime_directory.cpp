#include "worker/runtime_directory.hpp"

#include "os/files.hpp"
#include "os/private_directory.hpp"
#include "worker/file_names.hpp"

namespace isolite::workers {
namespace {

/// A user who is not logged in, or someone after `su`, has a wrong XDG_RUNTIME_DIR or none.
bool is_usable(const std::string& directory) {
    return is_absolute(directory) && os::is_own_directory(directory);
}

result<std::string> absolute_path(const std::string& name, const std::string& value) {
    if (is_absolute(value)) {
        return value;
    }
    return tl::unexpected(variable_error(
        "claim a worker slot", name, value, "not an absolute path",
        "write a path that begins with /: it must name the same directory in all workers"));
}

} // namespace

result<std::string> path_of_runtime_directory(const environment& variables) {
    if (const auto chosen = variables.find("ISOLITE_RUNTIME_DIR")) {
        return absolute_path("ISOLITE_RUNTIME_DIR", *chosen);
    }
    if (const auto session = variables.find("XDG_RUNTIME_DIR"); session && is_usable(*session)) {
        return *session + "/isolite";
    }
    return absolute_path("TMPDIR", temporary_directory(variables)).map(own_directory_in);
}

result<std::string> runtime_directory(const environment& variables) {
    return path_of_runtime_directory(variables)
        .and_then([](const std::string& path) {
            return os::private_directory::open(path, claiming_a_slot);
        })
        .map([](const os::private_directory& made) { return made.path(); });
}

} // namespace isolite::workers
