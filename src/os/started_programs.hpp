#pragma once

#include <isolite/error.hpp>

#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace isolite::os {

/// A program to be started, and where it writes.
struct program_to_start {
    /// Its command line. The program is looked for as shells do.
    std::vector<std::string> words;
    /// A file: it reads nothing then, and is in a process group of its own. "": it has the streams
    /// of this process, and stays in its group.
    std::string output;
    /// Of its environment, by name, which are other ones than in that of this process.
    std::map<std::string, std::string> variables = {};
    bool prints_to_stderr = false; ///< what it would print to the stdout of this process
};

/// Starts programs, and does not wait for their ends. The kernel kills each of them when this
/// process ends. Several begin at the same moment, and each on a processor of its own as far as
/// there are enough: so what they do in their first milliseconds overlaps. They may use all
/// processors as soon as they have begun. Returns their numbers.
/// Errors: errc::system; none of them runs then.
[[nodiscard]] result<std::vector<pid_t>>
start_together(const std::vector<program_to_start>& programs);

/// Starts one.
[[nodiscard]] result<pid_t> start_program(const program_to_start& program);

} // namespace isolite::os
