#include "child_process.hpp"

#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

struct pipe_ends {
    int read = -1;
    int write = -1;
};

pipe_ends make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        throw std::runtime_error("pipe2 failed");
    }
    return {ends[0], ends[1]};
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

[[noreturn]] void become_probe(std::vector<std::string> arguments,
                               std::vector<std::string> environment) {
    arguments.insert(arguments.begin(), WORKER_PROBE);
    ::execve(WORKER_PROBE, pointers_to(arguments).data(), pointers_to(environment).data());
    ::_exit(127);
}

} // namespace

child_process child_process::fork(const std::function<std::string()>& body) {
    const pipe_ends in = make_pipe();
    const pipe_ends out = make_pipe();
    std::fflush(nullptr);
    child_process child;
    child.pid_ = ::fork();
    if (child.pid_ == 0) {
        ::dup2(in.read, STDIN_FILENO);
        ::dup2(out.write, STDOUT_FILENO);
        ::close(in.write);
        const std::string text = body();
        const auto written = ::write(STDOUT_FILENO, text.data(), text.size());
        ::_exit(written == static_cast<ssize_t>(text.size()) ? 0 : 126);
    }
    ::close(in.read);
    ::close(out.write);
    child.input_ = in.write;
    child.output_ = out.read;
    return child;
}

child_process child_process::probe(const std::vector<std::string>& arguments,
                                   variables environment) {
    return fork([&]() -> std::string { become_probe(arguments, std::move(environment)); });
}

child_process child_process::orphan_probe(variables environment,
                                          const std::vector<std::string>& arguments) {
    const pipe_ends parent_ended = make_pipe();
    child_process child = fork([&]() -> std::string {
        if (::fork() == 0) {
            ::close(parent_ended.write);
            char byte = 0;
            // Ends when the other end is closed, which happens after the parent is gone.
            while (::read(parent_ended.read, &byte, 1) > 0) {
            }
            become_probe(arguments, std::move(environment));
        }
        ::_exit(0);
    });
    child.wait();
    ::close(parent_ended.read);
    ::close(parent_ended.write);
    return child;
}

child_process::child_process(child_process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), input_(std::exchange(other.input_, -1)),
      output_(std::exchange(other.output_, -1)) {}

child_process::~child_process() {
    close_input();
    if (output_ >= 0) {
        ::close(output_);
    }
    wait();
}

std::string child_process::read_line() {
    std::string line;
    char byte = 0;
    while (::read(output_, &byte, 1) == 1 && byte != '\n') {
        line += byte;
    }
    return line;
}

std::string child_process::read_all() {
    std::string text;
    char byte = 0;
    while (::read(output_, &byte, 1) == 1) {
        text += byte;
    }
    return text;
}

void child_process::close_input() {
    if (input_ >= 0) {
        ::close(std::exchange(input_, -1));
    }
}

void child_process::kill() {
    ::kill(pid_, SIGKILL);
    wait();
}

int child_process::wait() {
    if (pid_ < 0) {
        return 0;
    }
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}
