#pragma once

#include <isolite/visibility.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace isolite::os {

/// A running process, as far as the operating system tells.
///
/// Only Linux tells more than the two numbers of this process and its parent. Elsewhere there are
/// no ancestors and no start times.
struct process {
    std::int64_t pid = 0;
    /// What the system calls it: of the command, at most 15 bytes, which may be any. Empty if
    /// unknown.
    std::string name;
    /// 'R' and others, as proc(5) has them; 'Z' has ended and waits for its parent. 0 if unknown.
    char state = 0;
    /// 0 if there is none or it is unknown.
    std::int64_t parent = 0;
    /// Clock ticks since the boot. With the pid it is unique, as pids are used again. 0 if unknown.
    std::uint64_t start_time = 0;
    /// The command line. Empty for a zombie, or if unknown.
    std::vector<std::string> arguments;
    /// Where pid and start time count: a number for the boot of the machine and the namespace of
    /// pids, which containers have of their own. Empty if unknown.
    std::string scope;

    /// Returns PID-STARTTIME-SCOPE, which no other process ever had.
    [[nodiscard]] std::string identity() const;
};

/// Returns the process of that number; nothing if there is none or it is unknown.
[[nodiscard]] std::optional<process> find_process(std::int64_t pid);

/// Says whether there is a process of that number: also when it is somebody else's, or has ended
/// and waits for its parent.
[[nodiscard]] bool is_alive(std::int64_t pid) noexcept;

/// Returns this process.
[[nodiscard]] ISOLITE_API process this_process();

/// Returns up to 16 ancestors of `descendant`, its parent first.
[[nodiscard]] std::vector<process> ancestors_of(const process& descendant);

/// Returns the environment that process `pid` was started with; an empty one if it is unreadable.
[[nodiscard]] std::map<std::string, std::string> environment_of(std::int64_t pid);

} // namespace isolite::os
