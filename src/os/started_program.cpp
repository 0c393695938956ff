#include "os/started_program.hpp"

#include "text/utf8.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
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

/// What a program is to be started with.
class start {
  public:
    explicit start(const std::vector<std::string>& words,
                   const std::map<std::string, std::string>& variables = {})
        : words_(words) {
        const auto is_other = [&](const std::string& text) {
            return variables.count(text.substr(0, text.find('='))) > 0;
        };
        for (char** each = environ; *each != nullptr; ++each) {
            if (!is_other(*each)) {
                environment_.emplace_back(*each);
            }
        }
        for (const auto& [name, value] : variables) {
            environment_.push_back(name);
            environment_.back() += "=" + value;
        }
        ::posix_spawn_file_actions_init(&files);
        ::posix_spawnattr_init(&attributes);
    }
    start(const start&) = delete;
    start& operator=(const start&) = delete;
    ~start() {
        ::posix_spawnattr_destroy(&attributes);
        ::posix_spawn_file_actions_destroy(&files);
    }

    [[nodiscard]] result<pid_t> begin() const {
        pid_t child = 0;
        const int failure =
            ::posix_spawnp(&child, words_.front().c_str(), &files, &attributes,
                           pointers_to(words_).data(), pointers_to(environment_).data());
        if (failure != 0) {
            return tl::unexpected(
                error{errc::system,
                      "start " + text::printable(words_.front()) + ": " + std::strerror(failure),
                      "write the path of a program, e.g. ./my_tests"});
        }
        return child;
    }

    ::posix_spawn_file_actions_t files{};
    ::posix_spawnattr_t attributes{};

  private:
    [[nodiscard]] static std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
        std::vector<char*> pointers;
        for (const std::string& text : texts) {
            pointers.push_back(const_cast<char*>(text.c_str())); // which nobody changes
        }
        pointers.push_back(nullptr);
        return pointers;
    }

    const std::vector<std::string>& words_;
    std::vector<std::string> environment_;
};

} // namespace

result<int> run_program(const std::vector<std::string>& words, stdout_of_program writes) {
    start start(words);
    if (writes == stdout_of_program::to_stderr) {
        ::posix_spawn_file_actions_adddup2(&start.files, STDERR_FILENO, STDOUT_FILENO);
    }
    const deaf_to_terminal deaf;
    deaf.spare(start.attributes);
    const auto child = start.begin();
    if (!child) {
        return tl::unexpected(child.error());
    }
    int status = 0;
    while (::waitpid(*child, &status, 0) < 0 && errno == EINTR) {
    }
    constexpr int first_of_signals = 128;
    return WIFEXITED(status) ? WEXITSTATUS(status) : first_of_signals + WTERMSIG(status);
}

result<pid_t> start_program(const std::vector<std::string>& words, const std::string& output,
                            const std::map<std::string, std::string>& variables) {
    start start(words, variables);
    ::posix_spawn_file_actions_addopen(&start.files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&start.files, STDOUT_FILENO, output.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, S_IRUSR | S_IWUSR);
    ::posix_spawn_file_actions_adddup2(&start.files, STDOUT_FILENO, STDERR_FILENO);
    ::sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&start.attributes, &none);
    ::posix_spawnattr_setpgroup(&start.attributes, 0);
    ::posix_spawnattr_setflags(&start.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    return start.begin();
}

} // namespace isolite::os
