#include "worker_process.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace bench {

namespace {

using clock = std::chrono::steady_clock;

double since(clock::time_point start) {
    return std::chrono::duration<double, std::nano>(clock::now() - start).count();
}

/// Ends the program, which is of no use without what it tried.
[[noreturn]] void give_up(const char* what) {
    std::perror(what);
    std::exit(EXIT_FAILURE);
}

std::array<int, 2> open_pipe() {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) {
        give_up("pipe");
    }
    return ends;
}

/// Forks; the child runs `work` and ends.
pid_t start(const std::function<void()>& work) {
    const pid_t child = ::fork();
    if (child < 0) {
        give_up("fork");
    }
    if (child == 0) {
        work();
        ::_exit(EXIT_SUCCESS);
    }
    return child;
}

void wait_for(pid_t child) {
    int status = 0;
    if (::waitpid(child, &status, 0) != child || status != 0) {
        std::fprintf(stderr, "cannot measure: a worker process failed\n");
        std::exit(EXIT_FAILURE);
    }
}

} // namespace

double in_worker(const std::function<void()>& work) {
    const auto [from, to] = open_pipe();
    const pid_t child = start([&work, to = to] {
        const auto begin = clock::now();
        work();
        const double taken = since(begin);
        if (::write(to, &taken, sizeof taken) != sizeof taken) {
            ::_exit(EXIT_FAILURE);
        }
    });
    double taken = 0;
    wait_for(child);
    if (::read(from, &taken, sizeof taken) != sizeof taken) {
        give_up("read");
    }
    ::close(from);
    ::close(to);
    return taken;
}

worker_crowd::worker_crowd(int workers, const std::function<void()>& work) {
    const auto [from_done, to_done] = open_pipe();
    const auto [from_end, to_end] = open_pipe();
    to_end_ = to_end;
    const auto begin = clock::now();
    for (int i = 0; i < workers; ++i) {
        workers_.push_back(start([&, to_done = to_done, from_end = from_end, to_end = to_end] {
            ::close(to_end);
            work();
            char sign = 0;
            if (::write(to_done, &sign, 1) != 1 || ::read(from_end, &sign, 1) != 0) {
                ::_exit(EXIT_FAILURE);
            }
        }));
    }
    for (int i = 0; i < workers; ++i) {
        char sign = 0;
        if (::read(from_done, &sign, 1) != 1) {
            give_up("read");
        }
    }
    nanoseconds_ = since(begin);
    for (const int each : {from_done, to_done, from_end}) {
        ::close(each);
    }
}

worker_crowd::~worker_crowd() {
    ::close(to_end_);
    for (const pid_t worker : workers_) {
        wait_for(worker);
    }
}

double worker_crowd::proportional_bytes() const {
    constexpr double kilobyte = 1024;
    double sum = 0;
    for (const pid_t worker : workers_) {
        std::ifstream lines("/proc/" + std::to_string(worker) + "/smaps_rollup");
        for (std::string word; lines >> word;) {
            double size = 0;
            if (word == "Pss:" && lines >> size) {
                sum += size * kilobyte;
            }
        }
    }
    return sum;
}

} // namespace bench
