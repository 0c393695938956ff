// What a test file pays the compiler for isolite's headers.
#include "figure.hpp"
#include "scratch_directory.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <sys/resource.h>
#include <sys/wait.h>

namespace bench {

namespace {

/// Runs a command of a shell, or ends the program. Returns its seconds of processors.
double seconds_of(const std::string& command) {
    const auto used = [] {
        rusage of_children{};
        ::getrusage(RUSAGE_CHILDREN, &of_children);
        return static_cast<double>(of_children.ru_utime.tv_sec + of_children.ru_stime.tv_sec) +
               static_cast<double>(of_children.ru_utime.tv_usec + of_children.ru_stime.tv_usec) /
                   1e6;
    };
    const double before = used();
    if (const int status = std::system(command.c_str()); status != 0) {
        std::fprintf(stderr, "cannot measure headers: this failed: %s\n", command.c_str());
        std::exit(1);
    }
    return used() - before;
}

/// A source file that includes headers, and nothing else.
class translation_unit {
  public:
    translation_unit(const scratch_directory& place, const std::string& name,
                     const std::string& includes)
        : source_(place.path() / (name + ".cpp")) {
        std::ofstream(source_) << includes;
    }

    [[nodiscard]] double seconds() const {
        return seconds_of(compiler() + " -c -o /dev/null " + source_.string());
    }

    /// Returns the lines that the compiler has to read, without blank ones.
    [[nodiscard]] double lines() const {
        const std::string counted = source_.string() + ".lines";
        seconds_of(compiler() + " -E " + source_.string() + " | grep -v '^#' | grep -c . >" +
                   counted);
        double count = 0;
        std::ifstream(counted) >> count;
        return count;
    }

  private:
    static std::string compiler() {
        return std::string(BENCH_COMPILER) + " -std=c++17 -DBOOST_TEST_DYN_LINK -I" + BENCH_HEADERS;
    }

    std::filesystem::path source_;
};

/// Compiles both in turns. Returns how many seconds more the second takes, by the best turn of
/// each.
double extra_seconds(const translation_unit& one, const translation_unit& other) {
    constexpr int turns = 10;
    double first = 1e300;
    double second = 1e300;
    for (int turn = 0; turn < turns; ++turn) {
        first = std::min(first, one.seconds());
        second = std::min(second, other.seconds());
    }
    return second - first;
}

std::string include(const std::string& header) {
    return "#include <" + header + ">\n";
}

} // namespace

std::vector<figure> headers() {
    constexpr double budget = 0.25;     // seconds of a processor over the framework alone
    ::setenv("CCACHE_DISABLE", "1", 1); // which would read the headers once more
    const scratch_directory place("headers");
    const translation_unit nothing(place, "nothing", "");
    std::vector<figure> found;
    const std::pair<const char*, const char*> frameworks[] = {
        {"boost_test", "boost/test/unit_test.hpp"},
        {"catch2", "catch2/catch.hpp"},             // version 2
        {"catch2", "catch2/catch_test_macros.hpp"}, // version 3
        {"doctest", "doctest/doctest.h"},
        {"gtest", "gtest/gtest.h"}};
    for (const auto& [name, header] : frameworks) {
        const std::string own = "isolite/" + std::string(name) + ".hpp";
        if (!std::filesystem::exists("/usr/include/" + std::string(header))) {
            continue;
        }
        const translation_unit alone(place, name, include(header));
        const translation_unit both(place, std::string("isolite_") + name,
                                    include(header) + include(own));
        found.push_back(
            {"seconds of <" + own + "> over its framework", extra_seconds(alone, both), budget});
        found.push_back({"  lines over its framework", both.lines() - alone.lines()});
    }
    for (const char* const name : {"suite", "engine", "seed", "files", "worker"}) {
        const std::string own = "isolite/" + std::string(name) + ".hpp";
        const translation_unit alone(place, name, include(own));
        found.push_back({"seconds of <" + own + ">", extra_seconds(nothing, alone)});
        found.push_back({"  lines", alone.lines()});
    }
    return found;
}

} // namespace bench
