#pragma once

#include <isolite/error.hpp>

#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace isolite::os {

enum class stdout_of_program { own, to_stderr };

/// Runs a program, which is looked for as shells do, with these words as its command line, and
/// waits for its end; what the terminal sends meanwhile is for the program. Returns its exit
/// status, or 128 and the number of the signal that ended it.
/// Errors: errc::system.
[[nodiscard]] result<int> run_program(const std::vector<std::string>& words,
                                      stdout_of_program writes);

/// Starts a program in a process group of its own, which reads nothing and writes to a file, and
/// does not wait for it. `variables`: of its environment, by name, which are other ones than in
/// that of this process. Returns its number. Errors: as `run_program`.
[[nodiscard]] result<pid_t> start_program(const std::vector<std::string>& words,
                                          const std::string& output,
                                          const std::map<std::string, std::string>& variables = {});

} // namespace isolite::os
