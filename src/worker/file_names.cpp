#include "worker/file_names.hpp"

#include "os/own_process.hpp"

namespace isolite::workers {

bool is_absolute(const std::string& path) {
    return !path.empty() && path.front() == '/';
}

std::string temporary_directory(const environment& variables) {
    return variables.find("TMPDIR").value_or("/tmp");
}

std::string own_directory_in(const std::string& temporary) {
    const char* const separator = temporary.back() == '/' ? "" : "/";
    return temporary + separator + "isolite-" + std::to_string(os::own_user());
}

} // namespace isolite::workers
