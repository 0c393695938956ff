#include "subject.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <utility>

namespace bench {

namespace {

/// Runs a command of a shell and hands on each line that it writes. Returns whether it succeeded.
bool read_lines(const std::string& command, const std::function<void(const char*)>& take) {
    std::FILE* const output = ::popen(command.c_str(), "r");
    char line[512];
    while (output && std::fgets(line, sizeof line, output)) {
        take(line);
    }
    return output && ::pclose(output) == 0;
}

} // namespace

subject::subject(const std::string& command, std::string variables)
    : command_("'" + std::filesystem::read_symlink("/proc/self/exe").parent_path().string() + "'/" +
               command),
      variables_(std::move(variables)) {}

std::string subject::variables(int rounds) const {
    return variables_ + " BENCH_ROUNDS=" + std::to_string(rounds) + " ";
}

double subject::run(int rounds) const {
    std::optional<double> told;
    const bool done = read_lines(variables(rounds) + command_,
                                 [&told](const char* line) { told = std::atof(line); });
    if (!done || !told) {
        std::fprintf(stderr, "cannot measure: %s failed\n", command_.c_str());
        std::exit(EXIT_FAILURE);
    }
    return *told;
}

std::optional<double> subject::instructions(int rounds) const {
    std::optional<double> collected;
    const bool done =
        read_lines(variables(rounds) + "valgrind --tool=callgrind --callgrind-out-file=/dev/null " +
                       command_ + " 2>&1",
                   [&collected](const char* line) {
                       constexpr const char* mark = "Collected : ";
                       if (const char* const found = std::strstr(line, mark)) {
                           collected = std::atof(found + std::strlen(mark));
                       }
                   });
    return done ? collected : std::nullopt;
}

std::optional<double> subject::instructions_per_round(int few, int many) const {
    const auto least = instructions(few);
    const auto most = instructions(many);
    return least && most ? std::optional((*most - *least) / (many - few)) : std::nullopt;
}

void say_uncounted(const char* benchmark) {
    std::fprintf(stderr,
                 "%s: no instructions are counted: valgrind is missing; `scripts/bootstrap --all` "
                 "installs it\n",
                 benchmark);
}

} // namespace bench
