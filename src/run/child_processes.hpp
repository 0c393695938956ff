#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace isolite::run {

/// Returns the children of this process that are running, adopted ones too. Costs one system call
/// when there is none.
[[nodiscard]] std::vector<pid_t> running_children();

/// Says what a process is: "PID (COMMAND)".
[[nodiscard]] std::string description_of(pid_t process);

/// Lets this process adopt the orphans among its descendants, so that it sees them.
void adopt_orphans(bool wanted);

/// Kills all running children but these, and what they leave behind, and buries them.
void kill_children_except(const std::vector<pid_t>& spared);

} // namespace isolite::run
