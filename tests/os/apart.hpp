#pragma once

#include <functional>

#include <sys/wait.h>
#include <unistd.h>

/// Says whether something holds in a process of its own, which may be spoiled by it.
inline bool holds_apart(const std::function<bool()>& claim) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(claim() ? 0 : 1);
    }
    int status = 1;
    ::waitpid(child, &status, 0);
    return status == 0;
}
