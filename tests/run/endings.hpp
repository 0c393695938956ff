#pragma once

#include "os/signal_name.hpp"
#include "results/outcome.hpp"

#include <string>

#include <sys/wait.h>
#include <unistd.h>

/// How the cases and the processes of tests end.

inline isolite::results::verdict passed_if(bool good) {
    return good ? isolite::results::verdict::passed : isolite::results::verdict::failed;
}

/// Waits for a child. Returns its exit status, or the name of the signal that ended it.
inline std::string status_of(pid_t child) {
    int status = 0;
    if (::waitpid(child, &status, 0) != child) {
        return "lost";
    }
    return WIFEXITED(status) ? std::to_string(WEXITSTATUS(status))
                             : isolite::os::name_of_signal(WTERMSIG(status));
}

[[noreturn]] inline void wait_for_ever() {
    for (;;) {
        ::pause();
    }
}
