#pragma once

#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

/// Another process, with a pipe to its standard input and one from its standard output.
class child_process {
  public:
    using variables = std::vector<std::string>;

    /// Runs `body` in a fork of this process, which ends by `_exit`; its result is its output.
    static child_process fork(const std::function<std::string()>& body);

    /// Runs the worker probe with exactly these variables, each NAME=VALUE.
    static child_process probe(const std::vector<std::string>& arguments, variables environment);

    /// The same, but as a child of no process of this test or of the runner that started it.
    static child_process orphan_probe(variables environment,
                                      const std::vector<std::string>& arguments = {});

    child_process(child_process&& other) noexcept;
    child_process& operator=(child_process&&) = delete;
    ~child_process();

    /// Returns the next line of output, "" at its end.
    std::string read_line();
    /// Returns all of the output that is left, to its end.
    std::string read_all();
    /// Ends its input.
    void close_input();
    /// Ends it by SIGKILL and waits for its end.
    void kill();
    /// Waits for its end; returns its exit code, or minus the signal that killed it.
    int wait();

    [[nodiscard]] pid_t pid() const { return pid_; }

  private:
    child_process() = default;

    pid_t pid_ = -1;
    int input_ = -1;
    int output_ = -1;
};
