#include "os/started_programs.hpp"

#include "os/child_processes.hpp"
#include "os/descriptor.hpp"
#include "os/process_facts.hpp"
#include "text/utf8.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

namespace isolite::os {

namespace {

/// A pipe that no program inherits.
struct own_pipe {
    own_pipe() {
        std::array<int, 2> ends = {-1, -1};
        if (::pipe2(ends.data(), O_CLOEXEC) == 0) {
            reading = descriptor(ends[0]);
            writing = descriptor(ends[1]);
        }
    }

    descriptor reading{-1};
    descriptor writing{-1};
};

/// The processors that this process may use; none where that cannot be told.
class usable_processors {
  public:
    usable_processors() {
        if (::sched_getaffinity(0, sizeof all_, &all_) != 0) {
            CPU_ZERO(&all_);
        }
    }

    /// Keeps a process on one of them.
    void keep_on_one(pid_t process, std::size_t number) const {
        const int count = CPU_COUNT(&all_);
        if (count < 2) {
            return;
        }
        auto left = static_cast<int>(number % static_cast<std::size_t>(count));
        std::size_t processor = 0;
        while (CPU_ISSET(processor, &all_) == 0 || left-- > 0) {
            ++processor;
        }
        ::cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(processor, &one);
        ::sched_setaffinity(process, sizeof one, &one);
    }

    /// Lets a process use all of them.
    void free(pid_t process) const {
        if (CPU_COUNT(&all_) > 0) {
            ::sched_setaffinity(process, sizeof all_, &all_);
        }
    }

  private:
    ::cpu_set_t all_{};
};

/// What a child says: that it waits, or why it cannot become its program.
struct word {
    std::size_t program = 0;
    int failure = 0;
};

void say(const word& said, const own_pipe& to) {
    static_cast<void>(to.writing.write_all({reinterpret_cast<const char*>(&said), sizeof said}));
}

/// Returns what a child says next; nothing if each has become its program, or has ended.
std::optional<word> next_word(const own_pipe& from) {
    word said;
    const auto got = from.reading.read_some(reinterpret_cast<char*>(&said), sizeof said);
    return got == sizeof said ? std::optional(said) : std::nullopt;
}

void write_to_file(const std::string& path) {
    const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int output = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC,
                              S_IRUSR | S_IWUSR);
    ::dup2(input, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
}

/// Becomes a program when the gate opens. Says that it waits for that, and why it fails.
[[noreturn]] void become(const std::vector<program_to_start>& programs, std::size_t number,
                         own_pipe& gate, const own_pipe& said) {
    const program_to_start& program = programs[number];
    gate.writing = descriptor(-1);
    std::vector<char*> words;
    for (const std::string& word : program.words) {
        words.push_back(const_cast<char*>(word.c_str())); // which nobody changes
    }
    words.push_back(nullptr);
    if (!program.output.empty()) {
        write_to_file(program.output);
    } else if (program.prints_to_stderr) {
        ::dup2(STDERR_FILENO, STDOUT_FILENO);
    }
    for (const auto& [name, value] : program.variables) {
        set_variable(name, value);
    }
    say({number, 0}, said);
    char nothing = 0;
    static_cast<void>(gate.reading.read_some(&nothing, 1));
    ::sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execvp(words.front(), words.data());
    say({number, errno}, said);
    ::_exit(1);
}

void end_all(const std::vector<pid_t>& children) {
    for (const pid_t child : children) {
        kill_process(child);
        await_end(child);
    }
}

error cannot_start(const program_to_start& program, int failure) {
    return {errc::system,
            "start " + text::printable(program.words.front()) + ": " + std::strerror(failure),
            "write the path of a program, e.g. ./my_tests"};
}

} // namespace

result<pid_t> start_program(const program_to_start& program) {
    return start_together({program}).map(
        [](const std::vector<pid_t>& started) { return started.front(); });
}

result<std::vector<pid_t>> start_together(const std::vector<program_to_start>& programs) {
    own_pipe gate;
    own_pipe said;
    const usable_processors processors;
    const pid_t parent = ::getpid();
    std::vector<pid_t> children;
    for (std::size_t number = 0; number < programs.size(); ++number) {
        const pid_t child = gate.writing && said.writing ? fork_child() : -1;
        const int failure = errno;
        if (child == 0) {
            end_with(parent);
            become(programs, number, gate, said);
        }
        if (child < 0) {
            end_all(children);
            return tl::unexpected(cannot_start(programs[number], failure));
        }
        if (!programs[number].output.empty()) {
            lead_group(child);
        }
        if (programs.size() > 1) {
            processors.keep_on_one(child, number);
        }
        children.push_back(child);
    }
    said.writing = descriptor(-1);
    for (std::size_t waiting = 0; waiting < children.size() && next_word(said); ++waiting) {
    }
    gate.writing = descriptor(-1);
    const std::optional<word> failed = next_word(said); // where not each becomes its program
    for (const pid_t child : children) {
        if (children.size() > 1) {
            processors.free(child);
        }
    }
    if (failed) {
        end_all(children);
        return tl::unexpected(cannot_start(programs[failed->program], failed->failure));
    }
    return children;
}

} // namespace isolite::os
