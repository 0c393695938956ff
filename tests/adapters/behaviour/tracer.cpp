// Runs a program as a debugger does that lets it go on: what it gets of signals, it gets.
// Usage: tracer PROGRAM [ARGUMENTS]. Exits as the program does, with 128 and its number for a
// signal.

#include <csignal>

#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int, char** argv) {
    const pid_t traced = ::fork();
    if (traced == 0) {
        ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
        ::execv(argv[1], argv + 1);
        ::_exit(127);
    }
    constexpr int of_signals = 128;
    for (int status = 0; ::waitpid(traced, &status, 0) == traced;) {
        if (WIFEXITED(status)) {
            return WEXITSTATUS(status);
        }
        if (WIFSIGNALED(status)) {
            return of_signals + WTERMSIG(status);
        }
        const int signal = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status); // it has begun
        ::ptrace(PTRACE_CONT, traced, nullptr, static_cast<long>(signal));
    }
    return 1;
}
