#include "os/process_facts.hpp"

#include "os/files.hpp"
#include "os/own_process.hpp"
#include "text/numbers.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace isolite::os {

namespace {

std::map<int, std::string> open_descriptors() {
    std::map<int, std::string> found;
    for (const std::string& name : names_in("/proc/self/fd")) {
        const int number = text::number_in<int>(name).value_or(process_facts::first_high);
        std::error_code closed; // which the directory itself is by now
        if (number < process_facts::first_high) {
            const auto target = std::filesystem::read_symlink("/proc/self/fd/" + name, closed);
            if (!closed) {
                found.emplace(number, target.string());
            }
        }
    }
    return found;
}

std::array<process_facts::signal_action, process_facts::signals> current_actions() {
    std::array<process_facts::signal_action, process_facts::signals> found{};
    ::sigset_t blocked;
    ::sigemptyset(&blocked);
    ::sigprocmask(SIG_SETMASK, nullptr, &blocked);
    for (std::size_t i = 1; i < found.size(); ++i) {
        struct ::sigaction action {};
        const int number = static_cast<int>(i);
        if (::sigaction(number, nullptr, &action) == 0) {
            // Both members of the union are one address.
            found[i].handler = reinterpret_cast<std::uintptr_t>(action.sa_handler);
            found[i].is_blocked = ::sigismember(&blocked, number) == 1;
        }
    }
    return found;
}

} // namespace

process_facts process_facts::now() {
    process_facts facts;
    std::error_code gone;
    facts.variables = own_variables();
    facts.directory = std::filesystem::current_path(gone).string();
    facts.descriptors = open_descriptors();
    facts.actions = current_actions();
    facts.settings = settings_of_process();
    facts.threads = count_threads();
    return facts;
}

std::size_t count_threads() {
    return std::max<std::size_t>(names_in("/proc/self/task").size(), 1);
}

void set_variable(const std::string& name, const std::string& value) {
    ::setenv(name.c_str(), value.c_str(), 1);
}

void unset_variable(const std::string& name) {
    ::unsetenv(name.c_str());
}

} // namespace isolite::os
