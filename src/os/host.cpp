#include "os/host.hpp"

#include <filesystem>
#include <system_error>
#include <thread>

#include <sys/utsname.h>

namespace isolite::os {

host this_host() {
    host found;
    struct utsname names {};
    if (::uname(&names) == 0) {
        found.name = names.nodename;
        found.system = std::string(names.sysname) + " " + names.release + " " + names.machine;
    }
    found.cores = std::thread::hardware_concurrency();
    return found;
}

std::string working_directory() {
    std::error_code removed;
    return std::filesystem::current_path(removed).string();
}

} // namespace isolite::os
