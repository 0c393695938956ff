#include "worker/file_names.hpp"

#include <filesystem>
#include <system_error>

#include <sys/auxv.h>
#include <unistd.h>

namespace isolite::detail {

bool is_absolute(const std::string& path) {
    return !path.empty() && path.front() == '/';
}

std::string program_path_by(const std::string& link, const char* started_as) {
    std::error_code unknown;
    const std::string told = std::filesystem::read_symlink(link, unknown).string();
    if (!told.empty() || started_as == nullptr || *started_as == '\0') {
        return told;
    }
    const auto real = std::filesystem::canonical(started_as, unknown);
    return unknown ? std::filesystem::absolute(started_as, unknown).string() : real.string();
}

const std::string& program_path() {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the kernel tells the address as a number.
    static const auto* const started_as = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
    static const auto* const path =
        new std::string(program_path_by("/proc/self/exe", started_as)); // used at the exit, too
    return *path;
}

namespace {

[[maybe_unused]] const bool is_known_early = !program_path().empty();

} // namespace

std::string temporary_directory(const environment& variables) {
    return variables.find("TMPDIR").value_or("/tmp");
}

std::string own_directory_in(const std::string& temporary) {
    const char* const separator = temporary.back() == '/' ? "" : "/";
    return temporary + separator + "isolite-" + std::to_string(::geteuid());
}

} // namespace isolite::detail
