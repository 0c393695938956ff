#pragma once

#include <isolite/error.hpp>

#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace isolite::os {

/// A program to be started, and where it writes.
struct program_to_start {
    std::vector<std::string> words; ///< its command line
    std::string output;             ///< a file
    /// Of its environment, by name, which are other ones than in that of this process.
    std::map<std::string, std::string> variables = {};
};

/// Starts programs as `start_program` does, but all at the same moment, and each on a processor of
/// its own as far as there are enough: so what they do in their first milliseconds overlaps. They
/// may use all processors as soon as they have begun. Returns their numbers.
/// Errors: errc::system; none of them runs then.
[[nodiscard]] result<std::vector<pid_t>>
start_together(const std::vector<program_to_start>& programs);

} // namespace isolite::os
