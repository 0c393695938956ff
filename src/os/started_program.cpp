#include "os/started_program.hpp"

#include "text/utf8.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace isolite::os {

namespace {

/// Ignores what Ctrl-C and its kin send while it lives.
class deaf_to_terminal {
  public:
    deaf_to_terminal() {
        struct ::sigaction ignore {};
        ignore.sa_handler = SIG_IGN;
        ::sigaction(SIGINT, &ignore, &interrupt_);
        ::sigaction(SIGQUIT, &ignore, &quit_);
    }
    deaf_to_terminal(const deaf_to_terminal&) = delete;
    deaf_to_terminal& operator=(const deaf_to_terminal&) = delete;
    ~deaf_to_terminal() {
        ::sigaction(SIGINT, &interrupt_, nullptr);
        ::sigaction(SIGQUIT, &quit_, nullptr);
    }

    /// Lets a program that is started hear them.
    void spare(::posix_spawnattr_t& started) const {
        ::sigset_t usual;
        ::sigemptyset(&usual);
        if (interrupt_.sa_handler != SIG_IGN) {
            ::sigaddset(&usual, SIGINT);
        }
        if (quit_.sa_handler != SIG_IGN) {
            ::sigaddset(&usual, SIGQUIT);
        }
        ::posix_spawnattr_setsigdefault(&started, &usual);
        ::posix_spawnattr_setflags(&started, POSIX_SPAWN_SETSIGDEF);
    }

  private:
    struct ::sigaction interrupt_ {};
    struct ::sigaction quit_ {};
};

} // namespace

result<int> run_program(const std::vector<std::string>& words, stdout_of_program writes) {
    std::vector<char*> arguments;
    for (const std::string& word : words) {
        arguments.push_back(const_cast<char*>(word.c_str())); // which nobody changes
    }
    arguments.push_back(nullptr);
    ::posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    if (writes == stdout_of_program::to_stderr) {
        ::posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    }
    const deaf_to_terminal deaf;
    ::posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    deaf.spare(attributes);
    pid_t child = 0;
    const int failure =
        ::posix_spawnp(&child, arguments.front(), &files, &attributes, arguments.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    if (failure != 0) {
        return tl::unexpected(error{
            errc::system, "start " + text::printable(words.front()) + ": " + std::strerror(failure),
            "write the path of a program, e.g. ./my_tests"});
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    constexpr int first_of_signals = 128;
    return WIFEXITED(status) ? WEXITSTATUS(status) : first_of_signals + WTERMSIG(status);
}

} // namespace isolite::os
