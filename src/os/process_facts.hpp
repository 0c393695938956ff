#pragma once

#include "os/process_settings.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace isolite::os {

/// What a process has that every test in it shares.
struct process_facts {
    /// What happens at a signal.
    struct signal_action {
        std::uintptr_t handler = 0; ///< 0: what is usual, 1: nothing
        bool is_blocked = false;    ///< in the thread that asks

        [[nodiscard]] bool operator==(const signal_action& other) const {
            return handler == other.handler && is_blocked == other.is_blocked;
        }
    };
    static constexpr std::size_t signals = 65; ///< and 0, which is none

    std::map<std::string, std::string> variables;
    std::string directory; ///< where it works; "" if that is gone
    /// What is open, by number: a path, or as /proc calls what has none. Without those from
    /// `first_high` on.
    std::map<int, std::string> descriptors;
    static constexpr int first_high = 512;
    std::array<signal_action, signals> actions{};
    std::vector<process_setting> settings;
    std::size_t threads = 1;

    /// Looks at this process. Where /proc is missing, it has no descriptors and one thread.
    [[nodiscard]] static process_facts now();
};

/// Returns how many threads this process has; 1 where /proc is missing.
[[nodiscard]] std::size_t count_threads();

/// Sets a variable of the environment, for this process and those that it forks.
/// Threads: none may read one meanwhile.
void set_variable(const std::string& name, const std::string& value);
void unset_variable(const std::string& name);

} // namespace isolite::os
