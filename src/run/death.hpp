#pragma once

#include <chrono>
#include <string>

namespace isolite::run {

/// Says of a case how its worker ended, as waitpid tells: "its worker was killed by signal 11
/// (SIGSEGV, Segmentation fault)", "it ended the process of its worker with status 0".
[[nodiscard]] std::string death_of(int status);

/// Says the same of one that no worker ran, but a process of its program: "its process was killed
/// by signal 11 (SIGSEGV, Segmentation fault)", "it ended its process with status 3".
[[nodiscard]] std::string death_of_own_process(int status);

/// Says that a worker was killed because this signal had stopped it, and nobody let it go on.
[[nodiscard]] std::string death_by_stop(int signal);

/// Says of a case, or of what is named, that it took too long.
[[nodiscard]] std::string lateness(std::chrono::milliseconds limit, const std::string& of = "it");

/// Says that a worker was killed because its case, or what is named, took too long.
[[nodiscard]] std::string death_by_timeout(std::chrono::milliseconds limit,
                                           const std::string& of = "it");

/// Says of a worker that had no case left how its process ended: "its status was 66", "it was
/// killed by signal 6 (SIGABRT, Aborted)".
[[nodiscard]] std::string end_of(int status);

/// Says of a worker that had no case left that it was killed, since it did not end.
[[nodiscard]] std::string overdue_end(std::chrono::milliseconds limit);

/// Says of a case that this signal stopped the run, and killed the worker, before it ended.
[[nodiscard]] std::string interruption(int signal);

} // namespace isolite::run
