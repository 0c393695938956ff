#pragma once

#include <optional>
#include <string>

namespace bench {

/// A program beside the benchmarks, in a process of its own each time: it does what its arguments
/// say as often as BENCH_ROUNDS says.
class subject {
  public:
    /// `command`: the name of the program, and arguments for a shell behind it. `variables`: for a
    /// shell, too.
    explicit subject(const std::string& command, std::string variables = {});

    /// Returns the number that it writes, or ends the program.
    [[nodiscard]] double run(int rounds) const;

    /// Returns the instructions of one more round, as valgrind counts them; nothing if there is no
    /// valgrind.
    [[nodiscard]] std::optional<double> instructions_per_round(int few, int many) const;

  private:
    [[nodiscard]] std::optional<double> instructions(int rounds) const;
    [[nodiscard]] std::string variables(int rounds) const;

    std::string command_;
    std::string variables_;
};

/// Says on stderr that there is no valgrind.
void say_uncounted(const char* benchmark);

} // namespace bench
