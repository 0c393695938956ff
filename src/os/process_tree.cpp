#include "os/process_tree.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace isolite::os {
namespace {

#ifdef __linux__
std::string read_of(std::int64_t pid, const char* name) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/" + name, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf(); // catches what an iterator throws when the process ends meanwhile
    return text.str();
}
#else
std::string read_of(std::int64_t, const char*) {
    return {};
}
#endif

/// Returns a hash that is the same in all programs, as eight digits.
std::string hash_of(const std::string& text) {
    std::uint32_t hash = 2166136261U; // FNV-1a
    for (const char letter : text) {
        hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619U;
    }
    std::array<char, 16> digits{};
    std::snprintf(digits.data(), digits.size(), "%08x", hash);
    return digits.data();
}

std::string scope_of_pids() {
    std::ifstream boot("/proc/sys/kernel/random/boot_id");
    std::string scope;
    std::getline(boot, scope);
    struct stat space {};
    if (::stat("/proc/self/ns/pid", &space) == 0) {
        scope += " " + std::to_string(space.st_ino);
    }
    return scope.empty() ? "" : hash_of(scope);
}

std::vector<std::string> split_at_nul(const std::string& text) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, '\0');) {
        parts.push_back(std::move(part));
    }
    return parts;
}

} // namespace

std::optional<process> find_process(std::int64_t pid) {
    const std::string stat = read_of(pid, "stat");
    // The name stands in parentheses and may itself hold parentheses and spaces: proc(5).
    const std::size_t name_begin = stat.find('(');
    const std::size_t name_end = stat.rfind(')');
    if (name_begin == std::string::npos || name_end == std::string::npos) {
        return std::nullopt;
    }
    process found;
    found.pid = pid;
    found.name = stat.substr(name_begin + 1, name_end - name_begin - 1);
    std::istringstream fields(stat.substr(name_end + 1));
    std::string skipped;
    fields >> found.state >> found.parent;
    constexpr int fields_between_parent_and_start = 17;
    for (int i = 0; i < fields_between_parent_and_start; ++i) {
        fields >> skipped;
    }
    fields >> found.start_time;
    if (!fields) {
        return std::nullopt;
    }
    found.arguments = split_at_nul(read_of(pid, "cmdline"));
    found.scope = scope_of_pids();
    return found;
}

bool is_alive(std::int64_t pid) noexcept {
    return ::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM;
}

std::string process::identity() const {
    return std::to_string(pid) + "-" + std::to_string(start_time) +
           (scope.empty() ? "" : "-" + scope);
}

process this_process() {
    const auto found = find_process(::getpid());
    return found ? *found : process{::getpid(), "", 0, ::getppid(), 0, {}, {}};
}

std::vector<process> ancestors_of(const process& descendant) {
    // Deeper trees than this have been seen only above the session of a user.
    constexpr std::size_t most = 16;
    std::vector<process> ancestors;
    std::int64_t pid = descendant.parent;
    while (pid > 0 && ancestors.size() < most) {
        auto found = find_process(pid);
        if (!found) {
            break;
        }
        pid = found->parent;
        ancestors.push_back(*std::move(found));
    }
    return ancestors;
}

std::map<std::string, std::string> environment_of(std::int64_t pid) {
    std::map<std::string, std::string> variables;
    for (const std::string& assignment : split_at_nul(read_of(pid, "environ"))) {
        const std::size_t equals = assignment.find('=');
        if (equals != std::string::npos) {
            variables.emplace(assignment.substr(0, equals), assignment.substr(equals + 1));
        }
    }
    return variables;
}

} // namespace isolite::os
