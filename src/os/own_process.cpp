#include "os/own_process.hpp"

#include <filesystem>
#include <system_error>

#include <sys/auxv.h>
#include <unistd.h>

namespace isolite::os {

pid_t own_number() noexcept {
    return ::getpid();
}

std::uint64_t own_user() noexcept {
    return ::geteuid();
}

std::map<std::string, std::string> own_variables() {
    std::map<std::string, std::string> found;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string text = *entry;
        const std::size_t equals = text.find('=');
        found.emplace(text.substr(0, equals),
                      equals == std::string::npos ? "" : text.substr(equals + 1));
    }
    return found;
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

std::string program_name() {
    return program_path().substr(program_path().rfind('/') + 1);
}

void end_at_once(int status) noexcept {
    ::_exit(status);
}

namespace {

[[maybe_unused]] const bool is_known_early = !program_path().empty();

} // namespace

} // namespace isolite::os
