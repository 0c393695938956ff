#pragma once

#include <isolite/visibility.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace isolite::os {

/// Forks this process. What its streams hold is written first: the child would write it once more.
/// Returns the child's number, 0 in the child, or less, and errno says why there is none.
[[nodiscard]] ISOLITE_API pid_t fork_child();

/// Makes a process, this one or a child of it, the leader of a process group of its own.
void lead_group(pid_t process) noexcept;

/// Returns the process group of a process.
[[nodiscard]] pid_t group_of(pid_t process) noexcept;

/// Asks the kernel to kill this process when its parent ends, and ends it if that has ended.
void end_with(pid_t parent) noexcept;

/// Waits until a child has ended. Where SIGCHLD is ignored, nobody can tell how it did.
ISOLITE_API void await_end(pid_t child) noexcept;

/// Waits until a child has ended, and returns how it did, as waitpid tells.
[[nodiscard]] int await_status(pid_t child) noexcept;

/// Kills a process, and nobody else of its group.
void kill_process(pid_t process) noexcept;

/// Sends a signal to a process.
void send_signal(pid_t process, int signal) noexcept;

/// Returns the children of this process that are running, adopted ones too. Costs one system call
/// when there is none.
[[nodiscard]] std::vector<pid_t> running_children();

/// Returns those of another process of this user.
[[nodiscard]] std::vector<pid_t> running_children(pid_t of);

/// Says whether this process has a child, running or ended.
[[nodiscard]] bool has_children();

/// Says what a process is: "PID (COMMAND)".
[[nodiscard]] std::string description_of(pid_t process);

/// Lets this process adopt the orphans among its descendants, so that it sees them.
void adopt_orphans(bool wanted);

/// Says whether a child has ended; it is waited for later.
[[nodiscard]] bool has_ended(pid_t child);

/// Returns the signal that has stopped a child, nothing while it runs.
[[nodiscard]] std::optional<int> stop_signal(pid_t child);

/// Waits until a child that leads a process group has ended, kills the rest of the group, and
/// returns how the child ended, as waitpid tells.
[[nodiscard]] int await_end_of_group(pid_t child);

/// Kills all running children but these, and what they leave behind, and buries them.
void kill_children_except(const std::vector<pid_t>& spared);

/// Kills the running children of which this is true, and what they leave behind.
void kill_children_if(const std::function<bool(pid_t)>& is_meant);

/// Buries children that have ended, until one comes that is spared.
void bury_orphans(const std::vector<pid_t>& spared);

/// Says whether a process runs the program of this one.
[[nodiscard]] bool runs_same_program(pid_t process);

} // namespace isolite::os
