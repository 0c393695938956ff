// Starts hundreds of workers, a few at a time, kills many of them at random moments, and lets the
// survivors witness that no slot was ever held twice. Arguments: [SEED] [WORKERS].

#include "temporary_directory.hpp"
#include "worker/slot_claim.hpp"

#include <isolite/worker.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/interprocess/anonymous_shared_memory.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;
using isolite::workers::slot_claim;

constexpr unsigned concurrency = 8;
constexpr unsigned runs = 2;
constexpr unsigned witnessed_slots = 64;

/// What all processes see. A worker writes its pid next to the slot it holds and looks again and
/// again: whoever finds another pid there is running, holds the slot, and so proves by its own
/// life that two processes held it. Looking at the other pid would prove nothing: a process that
/// is dying has given up its locks before it disappears.
struct witness_board {
    std::array<std::array<std::atomic<pid_t>, witnessed_slots>, runs> holders;
    std::atomic<unsigned> double_claims;
    std::atomic<unsigned> slots_too_high;
    std::atomic<unsigned> errors;
    std::atomic<unsigned> claims;
};

enum class ending { exit, quick_exit, churn };

void hold(witness_board& board, unsigned run, unsigned slot, std::chrono::microseconds duration) {
    ++board.claims;
    if (slot >= concurrency / runs) {
        ++board.slots_too_high;
    }
    if (slot >= witnessed_slots) {
        return;
    }
    auto& holder = board.holders[run][slot];
    holder = ::getpid();
    const auto end = clock_type::now() + duration;
    do {
        if (holder != ::getpid()) {
            ++board.double_claims;
            return;
        }
        std::this_thread::yield();
    } while (clock_type::now() < end);
}

void claim_again_and_again(witness_board& board, const std::string& directory, unsigned run) {
    constexpr int rounds = 20;
    for (int i = 0; i < rounds; ++i) {
        auto claim = slot_claim::claim(directory, "run " + std::to_string(run));
        if (!claim) {
            std::fprintf(stderr, "%s\n", claim.error().text().c_str());
            ++board.errors;
            return;
        }
        hold(board, run, claim->slot(), 20us);
        claim->release();
    }
}

[[noreturn]] void be_worker(witness_board& board, const std::string& directory, unsigned run,
                            ending how, std::chrono::microseconds duration) {
    ::setenv("ISOLITE_RUNTIME_DIR", directory.c_str(), 1);
    ::setenv("ISOLITE_RUN_ID", ("run " + std::to_string(run)).c_str(), 1);
    if (how == ending::churn) {
        claim_again_and_again(board, directory, run);
        ::_exit(0);
    }
    const auto& worker = isolite::worker::current();
    if (!worker) {
        std::fprintf(stderr, "%s\n", worker.error().text().c_str());
        ++board.errors;
        ::_exit(1);
    }
    hold(board, run, worker->slot, duration);
    if (how == ending::quick_exit) {
        ::_exit(0);
    }
    std::exit(0);
}

/// A worker that the test has started and not yet seen ending.
struct running_worker {
    unsigned run;
    clock_type::time_point killed_at;
};

class chaos {
  public:
    chaos(witness_board& board, std::string directory, unsigned seed)
        : board_(board), directory_(std::move(directory)), random_(seed) {}

    void start(unsigned run) {
        const auto how = static_cast<ending>(random_() % 3);
        const std::chrono::microseconds duration(random_() % 3000);
        const bool doomed = random_() % 100 < 45;
        const std::chrono::microseconds life(random_() % 2500);
        const pid_t pid = ::fork();
        if (pid == 0) {
            be_worker(board_, directory_, run, how, duration);
        }
        running_[pid] = {run, doomed ? clock_type::now() + life : clock_type::time_point::max()};
        ++started_;
    }

    /// Kills whose time has come, and buries who has ended.
    void tend() {
        for (auto& [pid, worker] : running_) {
            if (clock_type::now() >= worker.killed_at) {
                worker.killed_at = clock_type::time_point::max();
                ::kill(pid, SIGKILL);
            }
        }
        int status = 0;
        for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
            killed_ += WIFSIGNALED(status) ? 1U : 0U;
            running_.erase(pid);
        }
        std::this_thread::yield();
    }

    [[nodiscard]] unsigned running_in(unsigned run) const {
        return static_cast<unsigned>(
            std::count_if(running_.begin(), running_.end(),
                          [&](const auto& entry) { return entry.second.run == run; }));
    }
    [[nodiscard]] bool is_over() const { return running_.empty(); }
    [[nodiscard]] unsigned started() const { return started_; }
    [[nodiscard]] unsigned killed() const { return killed_; }

  private:
    witness_board& board_;
    std::string directory_;
    std::mt19937 random_;
    std::map<pid_t, running_worker> running_;
    unsigned started_ = 0;
    unsigned killed_ = 0;
};

bool failed = false;

void expect(bool holds, const char* claim) {
    std::printf("%s %s\n", holds ? "ok    " : "FAILED", claim);
    failed = failed || !holds;
}

std::size_t files_in(const std::string& directory) {
    const std::filesystem::directory_iterator files(directory);
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

void judge(const chaos& events, const witness_board& board, const std::string& directory) {
    const std::size_t leftovers = files_in(directory);
    std::printf("%u workers, %u killed, %u claims, %zu files left\n", events.started(),
                events.killed(), board.claims.load(), leftovers);
    expect(board.claims > events.started(), "the workers claimed slots at all");
    expect(events.killed() * 10 >= events.started() * 2, "at least a fifth of them was killed");
    expect(board.errors == 0, "no claim failed");
    expect(board.double_claims == 0, "no slot was held by two live workers");
    expect(board.slots_too_high == 0, "every slot was lower than the number of workers of its run");
    expect(leftovers <= 1 + concurrency, "what crashed workers left is bounded");

    auto next = slot_claim::claim(directory, "the next run");
    expect(next.has_value() && next->slot() == 0, "the next run begins with slot 0");
    if (next) {
        next->release();
    }
    expect(files_in(directory) == 1, "the next run deletes all leftovers");
}

} // namespace

int main(int argc, char** argv) {
    const unsigned seed = argc > 1 ? static_cast<unsigned>(std::stoul(argv[1])) : 20240229;
    const unsigned workers = argc > 2 ? static_cast<unsigned>(std::stoul(argv[2])) : 400;
    std::printf("seed %u\n", seed);
    std::fflush(nullptr);

    const temporary_directory directory;
    const auto memory = boost::interprocess::anonymous_shared_memory(sizeof(witness_board));
    auto* const board = new (memory.get_address()) witness_board{};
    chaos events(*board, directory.path(), seed);
    while (events.started() < workers || !events.is_over()) {
        for (unsigned run = 0; run < runs; ++run) {
            if (events.started() < workers && events.running_in(run) < concurrency / runs) {
                events.start(run);
            }
        }
        events.tend();
    }
    judge(events, *board, directory.path());
    return failed ? 1 : 0;
}
