#pragma once

#include "os/file_identity.hpp"

#include <string>
#include <vector>

#include <sys/types.h>

namespace isolite::os {

/// Finds the processes that tests of a worker leave running. Orphans are not the worker's, or its
/// tests would wait for them: they come to its parent.
class left_processes {
  public:
    /// Who holds one of these files open, which nobody else has, is of this worker.
    left_processes(pid_t parent, std::vector<file_identity> own_files);

    /// Forgets what runs now, which no later test has left. Costs three system calls when no
    /// process was made.
    void begin();

    /// Describes what runs that did not when the test began, and forgets it, as `begin` does.
    [[nodiscard]] std::vector<std::string> found();

    /// Says whether stdout or stderr of one that is left is this file.
    [[nodiscard]] bool write_to(const file_identity& file);

  private:
    [[nodiscard]] std::vector<pid_t> running();
    void look_for_orphans();
    [[nodiscard]] bool is_orphan_of_tests(pid_t process) const;

    pid_t parent_;
    std::vector<file_identity> own_files_;
    std::vector<pid_t> known_;
    std::vector<pid_t> orphans_;
    long faults_of_children_ = 0; ///< of those that were waited for, at the last look
};

/// Says whether a process has one of these files open.
[[nodiscard]] bool holds_any(pid_t process, const std::vector<file_identity>& files);

} // namespace isolite::os
