#include "os/own_process.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

namespace isolite::os {

namespace {

using kept_number = std::atomic<pid_t>;

/// Returns where the number is kept: the kernel empties the page in each child that is forked,
/// however that is done. Null where it cannot.
kept_number* page_of_one_process() noexcept {
    constexpr std::size_t size = sizeof(kept_number);
    void* const page =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED || ::madvise(page, size, MADV_WIPEONFORK) != 0) {
        return nullptr;
    }
    return static_cast<kept_number*>(page);
}

} // namespace

pid_t own_number() noexcept {
    static kept_number* const kept = page_of_one_process();
    pid_t number = kept != nullptr ? kept->load(std::memory_order_relaxed) : 0;
    if (number == 0) {
        number = ::getpid();
        if (kept != nullptr) {
            kept->store(number, std::memory_order_relaxed);
        }
    }
    return number;
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

bool is_traced() {
    const std::string entry = "TracerPid:";
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        if (line.compare(0, entry.size(), entry) == 0) {
            return line.find_first_not_of(" \t0", entry.size()) != std::string::npos;
        }
    }
    return false;
}

void end_at_once(int status) noexcept {
    ::_exit(status);
}

namespace {

[[maybe_unused]] const bool is_known_early = !program_path().empty();

} // namespace

} // namespace isolite::os
