#pragma once

#include <isolite/visibility.hpp>

#include <cstdint>
#include <map>
#include <string>

#include <sys/types.h>

namespace isolite::os {

/// Returns the number of this process, which a forked child does not share. Costs no system call.
[[nodiscard]] pid_t own_number() noexcept;

/// Returns whose files this process makes.
[[nodiscard]] std::uint64_t own_user() noexcept;

/// Returns the variables of the environment.
[[nodiscard]] std::map<std::string, std::string> own_variables();

/// Returns the path of this program's file, "" if it is unknown: as it was when the program began,
/// since a build may replace the file, and a test may change the working directory.
[[nodiscard]] const std::string& program_path();

/// Returns the name of this program's file, without directories.
[[nodiscard]] std::string program_name();

/// Returns where a link to a program's file leads, else the absolute path of what the program was
/// started as, or "" if nobody knows that either: in a sandbox /proc may be missing.
[[nodiscard]] std::string program_path_by(const std::string& link, const char* started_as);

/// Says whether a debugger, or another tracer, has this process. Only Linux tells.
[[nodiscard]] bool is_traced();

/// Ends this process at once: no destructor, no atexit handler, no stream that is written out.
[[noreturn]] ISOLITE_API void end_at_once(int status) noexcept;

} // namespace isolite::os
