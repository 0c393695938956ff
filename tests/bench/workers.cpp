#include "figure.hpp"
#include "scratch_directory.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bench {

namespace {

/// What a run of the subject cost.
struct cost {
    double wall;      ///< Units: milliseconds.
    double processor; ///< Of all its processes. Units: milliseconds.
};

struct subject {
    int cases;
    std::string body;
    int times_longer = 1;
    std::filesystem::path cache = {};
    std::string framework = "doctest";
};

using arguments = std::vector<std::string>;
using variables = std::vector<std::string>;

/// Where the subjects keep their records, as they do by default in a suite with a cache.
std::string& records() {
    static std::string directory = "off";
    return directory;
}

double milliseconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

std::string program_of(const std::string& framework) {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() /
           ("bench_workers_" + framework);
}

[[noreturn]] void become_subject(const subject& subject, const arguments& options,
                                 const variables& more) {
    variables all = more;
    all.insert(all.end(),
               {"BENCH_CASES=" + std::to_string(subject.cases), "BENCH_BODY=" + subject.body,
                "BENCH_LONG=" + std::to_string(subject.times_longer), "ISOLITE_LEDGER=" + records(),
                "ISOLITE_CACHE=" + (subject.cache.empty() ? "off" : subject.cache.string())});
    std::vector<char*> environment;
    for (std::string& each : all) {
        environment.push_back(each.data());
    }
    environment.push_back(nullptr);
    arguments words = options;
    words.insert(words.begin(), program_of(subject.framework));
    std::vector<char*> command;
    for (std::string& each : words) {
        command.push_back(each.data());
    }
    command.push_back(nullptr);
    const int nowhere = ::open("/dev/null", O_WRONLY);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
    ::execve(command[0], command.data(), environment.data());
    std::_Exit(127);
}

/// Starts runs of the subject at once and waits for all. Ends the program when one fails.
cost run_at_once(const subject& subject, const std::vector<arguments>& options,
                 const std::vector<variables>& more = {}) {
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < options.size(); ++i) {
        if (::fork() == 0) {
            become_subject(subject, options[i], more.empty() ? variables() : more[i]);
        }
    }
    cost sum{0, 0};
    for (std::size_t i = 0; i < options.size(); ++i) {
        int status = 0;
        rusage usage{};
        ::wait4(-1, &status, 0, &usage);
        if (status != 0) {
            std::fprintf(stderr, "cannot measure: %s failed\n",
                         program_of(subject.framework).c_str());
            std::exit(EXIT_FAILURE);
        }
        sum.processor += milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
    }
    sum.wall =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    return sum;
}

cost run(const subject& subject, const std::string& workers) {
    return run_at_once(subject, {{"--workers=" + workers}});
}

/// Runs two contenders in turns and takes the best of each: noise only ever adds.
template <typename First, typename Second>
std::pair<cost, cost> best_of(int turns, const First& first, const Second& second) {
    constexpr cost none{1e300, 1e300};
    std::pair<cost, cost> best{none, none};
    const auto improve = [](cost& kept, const cost& measured) {
        kept.wall = std::min(kept.wall, measured.wall);
        kept.processor = std::min(kept.processor, measured.processor);
    };
    for (int turn = 0; turn < turns; ++turn) {
        improve(best.first, first());
        improve(best.second, second());
    }
    return best;
}

figure busy_cases() {
    const subject suite{400, "work"};
    const auto [two, one] = best_of(
        5, [&] { return run(suite, "2"); }, [&] { return run(suite, "1"); });
    return {"400 cases that compute: 2 workers / 1", two.wall / one.wall, 1 / 1.85};
}

figure waiting_cases() {
    const subject suite{160, "wait"};
    const auto [eight, one] = best_of(
        3, [&] { return run(suite, "8"); }, [&] { return run(suite, "1"); });
    return {"160 cases that wait 20 ms each: 8 workers / 1", eight.wall / one.wall, 1 / 7.5};
}

figure cost_of_a_case(const std::string& framework) {
    const subject suite{882, "nothing", 1, {}, framework};
    const auto [forked, serial] = best_of(
        20, [&] { return run(suite, "2"); }, [&] { return run(suite, "0"); });
    constexpr double microseconds = 1e3;
    return {"processor time of a case of " + framework +
                " in 2 workers, more than in one process, in us",
            (forked.processor - serial.processor) * microseconds / suite.cases, 20.0};
}

std::vector<figure> long_case() {
    const scratch_directory scratch("workers");
    subject without{200, "work", 100};
    subject with = without;
    with.cache = scratch.path();
    static_cast<void>(run(with, "2")); // makes the history
    const auto [known, unknown] = best_of(
        3, [&] { return run(with, "2"); }, [&] { return run(without, "2"); });
    const auto [one, again] = best_of(
        3, [&] { return run(without, "1"); }, [&] { return run(with, "2"); });
    const double ideal = one.wall / 2;
    const char* const suite = "one long case, the last of 200: 2 workers / half of 1 worker";
    return {{suite + std::string(", with a history"), std::min(known.wall, again.wall) / ideal},
            {suite + std::string(", without"), unknown.wall / ideal}};
}

figure against_processes() {
    const subject suite{100, "nothing"};
    const auto [workers, processes] = best_of(
        3, [&] { return run(suite, "2"); },
        [&] {
            cost sum{0, 0};
            for (int i = 1; i <= suite.cases; i += 2) { // two at a time
                const auto only = [](int number) {
                    return arguments{"--test-case=case " + std::to_string(number)};
                };
                const cost pair = run_at_once(suite, {only(i), only(i + 1)});
                sum.wall += pair.wall;
                sum.processor += pair.processor;
            }
            return sum;
        });
    return {"100 empty cases: 2 workers / a process for each case, 2 at once",
            workers.wall / processes.wall};
}

figure against_shards() {
    const subject suite{200, "work", 60};
    const auto shard = [](int index) {
        return variables{"ISOLITE_SHARD_INDEX=" + std::to_string(index), "ISOLITE_TOTAL_SHARDS=2"};
    };
    const auto [workers, shards] = best_of(
        3, [&] { return run(suite, "2"); },
        [&] {
            return run_at_once(suite, {{"--workers=0"}, {"--workers=0"}}, {shard(0), shard(1)});
        });
    return {"uneven cases without a history: 2 workers / 2 shards", workers.wall / shards.wall};
}

} // namespace

std::vector<figure> workers() {
    const scratch_directory scratch("records");
    std::filesystem::permissions(scratch.path(), std::filesystem::perms::owner_all);
    records() = scratch.path();
    std::vector<figure> figures = {busy_cases(), waiting_cases()};
    for (const char* const framework : {"boost_test", "catch2", "doctest", "gtest"}) {
        if (std::filesystem::exists(program_of(framework))) {
            figures.push_back(cost_of_a_case(framework));
        }
    }
    for (figure& each : long_case()) {
        figures.push_back(std::move(each));
    }
    figures.push_back(against_processes());
    figures.push_back(against_shards());
    return figures;
}

} // namespace bench
