#include "random_run.hpp"

#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>

// Each experiment has a process of its own, forked from one that never had a connection.

namespace {

constexpr unsigned longest_seconds = 60;

void write_all(int to, const std::string& text) {
    std::size_t written = 0;
    while (written < text.size()) {
        const auto count = write(to, text.data() + written, text.size() - written);
        if (count <= 0) {
            return;
        }
        written += static_cast<std::size_t>(count);
    }
}

std::string read_all(int from) {
    std::string all;
    char buffer[65536];
    for (ssize_t count = 0; (count = read(from, buffer, sizeof buffer)) > 0;) {
        all.append(buffer, static_cast<std::size_t>(count));
    }
    return all;
}

/// Writes fields with their lengths, so that they may contain anything.
std::string packed(const outcome& outcome) {
    std::string all;
    for (const std::string& each : {outcome.what, outcome.details, std::to_string(outcome.body),
                                    outcome.seen, std::string(outcome.spilled ? "1" : "")}) {
        all += std::to_string(each.size()) + ":" + each;
    }
    return all;
}

outcome unpacked(const std::string& text) {
    std::vector<std::string> fields;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t colon = text.find(':', at);
        const std::size_t size = std::stoul(text.substr(at, colon - at));
        fields.push_back(text.substr(colon + 1, size));
        at = colon + 1 + size;
    }
    return {fields.at(0), fields.at(1), std::stoul(fields.at(2)), fields.at(3),
            !fields.at(4).empty()};
}

/// Returns where the process has come to, in memory that its parent sees.
std::size_t& shared_position() {
    static auto* const shared = static_cast<std::size_t*>(mmap(
        nullptr, sizeof(std::size_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    return *shared;
}

std::string last_words(int from) {
    lseek(from, 0, SEEK_SET);
    std::string text = read_all(from);
    constexpr std::size_t most = 6000;
    return text.size() > most ? text.substr(0, most) : text;
}

[[noreturn]] void run_in_child(const experiment& experiment, tally& tally, int answers,
                               int errors) {
    dup2(errors, STDERR_FILENO);
    alarm(longest_seconds);
    const outcome found = run_here(experiment, tally, shared_position());
    write_all(answers, packed(found));
    _exit(0);
}

/// Removes parts of a sequence one by one while what is left still fails.
template <typename Sequence, typename Fails>
void drop_parts(Sequence& sequence, Fails fails, std::size_t smallest) {
    for (std::size_t size = std::max<std::size_t>(sequence.size() / 2, 1); size > 0; size /= 2) {
        for (std::size_t at = 0; at < sequence.size();) {
            const std::size_t count = std::min(size, sequence.size() - at);
            if (sequence.size() - count < smallest) {
                at += size;
                continue;
            }
            const Sequence whole = sequence;
            const auto from = sequence.begin() + static_cast<std::ptrdiff_t>(at);
            sequence.erase(from, from + static_cast<std::ptrdiff_t>(count));
            if (!fails()) {
                sequence = whole;
                at += size;
            }
        }
    }
}

} // namespace

outcome run_apart(const experiment& experiment, tally& tally) {
    std::fflush(stdout);
    int answers[2] = {-1, -1};
    if (pipe(answers) != 0) {
        return {"no pipe", "", 0, ""};
    }
    const int errors = memfd_create("stderr", MFD_CLOEXEC);
    shared_position() = 0;
    const pid_t child = fork();
    if (child == 0) {
        close(answers[0]);
        run_in_child(experiment, tally, answers[1], errors);
    }
    close(answers[1]);
    const std::string text = read_all(answers[0]);
    close(answers[0]);
    int status = 0;
    waitpid(child, &status, 0);
    const std::string words = last_words(errors);
    close(errors);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !text.empty()) {
        return unpacked(text);
    }
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return {signal == SIGALRM ? "it hangs"
            : signal != 0     ? "it ends by signal " + std::to_string(signal)
                              : "it exits with " + std::to_string(WEXITSTATUS(status)),
            words, shared_position(), ""};
}

outcome run_pair(const experiment& experiment, tally& tally) {
    auto alone = experiment;
    alone.bodies.erase(alone.bodies.begin(), alone.bodies.end() - 1);
    const outcome later = run_apart(experiment, tally);
    const outcome lonely = run_apart(alone, tally);
    ++tally.pairs;
    // Which pages an earlier test has left in the cache decides when one is written that others
    // are locked out by.
    const bool is_comparable = !later.spilled && !lonely.spilled;
    if (!later.what.empty() || !lonely.what.empty() || later.seen == lonely.seen ||
        !is_comparable) {
        return lonely.what.empty() ? later : lonely;
    }
    std::istringstream after(later.seen);
    std::istringstream before(lonely.seen);
    std::string details;
    std::string section;
    std::string one;
    std::string two;
    while (std::getline(before, one) && std::getline(after, two)) {
        section = one.rfind("== ", 0) == 0 ? one : section;
        if (one != two) {
            details += section + "\n  alone: " + one + "\n  later: " + two + "\n";
        }
    }
    return {"a test sees another one", details, experiment.bodies.size() - 1, ""};
}

experiment shrunk(experiment failing, const outcome& failure, tally& tally) {
    const auto fails = [&](const experiment& tried) {
        const outcome now = tried.is_pair ? run_pair(tried, tally) : run_apart(tried, tally);
        return now.what == failure.what;
    };
    if (!failing.is_pair && failure.body + 1 < failing.bodies.size()) {
        auto shorter = failing;
        shorter.bodies.resize(failure.body + 1);
        auto alone = shorter;
        alone.bodies = {shorter.bodies.back()};
        failing = fails(alone) ? alone : fails(shorter) ? shorter : failing;
    }
    const auto still = [&] { return fails(failing); };
    if (!still()) {
        return failing; // it does not happen each time
    }
    drop_parts(failing.bodies, still, failing.is_pair ? 2 : 1);
    drop_parts(failing.suites, still, 0);
    for (auto* const bodies : {&failing.bodies, &failing.suites}) {
        for (body& each : *bodies) {
            drop_parts(each.steps, still, 0);
            for (step& kept : each.steps) {
                const unsigned least = all_kinds()[kept.kind].is(trait::further) ? 1 : 0;
                const unsigned before = std::exchange(kept.connection, least);
                kept.connection =
                    kept.connection != before && fails(failing) ? kept.connection : before;
            }
        }
    }
    for (bool configuration::*const flag :
         {&configuration::wal, &configuration::attached, &configuration::prepared,
          &configuration::small_pages, &configuration::ready, &configuration::strict}) {
        const bool before = std::exchange(failing.config.*flag, false);
        bool can_be = before;
        for (const auto* const bodies : {&failing.bodies, &failing.suites}) {
            for (const body& each : *bodies) {
                for (const step& kept : each.steps) {
                    can_be = can_be && fits(all_kinds()[kept.kind], failing.config);
                }
            }
        }
        failing.config.*flag = before && !(can_be && fails(failing));
    }
    failing.config.suites = static_cast<unsigned>(failing.suites.size());
    if (const unsigned late = std::exchange(failing.config.late, 0); late > 0 && !still()) {
        failing.config.late = late;
    }
    return failing;
}
