#include "random_oracle.hpp"
#include "random_run.hpp"

#include <isolite/engine.hpp>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>

// Random tests, and tests that look at everything after them. A body is 1 to 12 statements; after
// each of them the next test must find everything as the first one did, and what it is told must
// fit what it did. A pair is two or three tests, of which the last must see what it sees alone.
// Each failure is reduced to the statements that it needs, and told with a command that repeats it.
// Usage: random_test [--seed N] [--bodies N] [--pairs N] [--seconds N] [--jobs N] [--suites N]
// [--only KIND]
//   [--without KIND] [--hide SECTION] [--list-kinds] [--coverage] [--self-test] [--replay
//   EXPERIMENT]
// ISOLITE_TEST_SHARE=N rolls an N-th of the bodies and pairs.

namespace {

constexpr std::size_t batch = 40; // bodies on one engine

struct options {
    std::uint64_t seed = 1;
    std::size_t bodies = 4000;
    std::size_t pairs = 400;
    unsigned seconds = 0; // 0: no limit
    unsigned jobs = 1;
    unsigned suites = 2; // at most
    bool coverage = false;
    bool self_test = false;
    std::string replay;
    choice kinds;
};

[[noreturn]] void list_kinds() {
    for (const kind& each : all_kinds()) {
        std::printf("%s\n", each.name.c_str());
    }
    std::printf("%zu kinds\n", all_kinds().size());
    std::exit(0);
}

options read(int argc, char** argv) {
    options read;
    const std::map<std::string, bool*> switches = {{"--coverage", &read.coverage},
                                                   {"--self-test", &read.self_test}};
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        if (name == "--list-kinds") {
            list_kinds();
        }
        if (const auto found = switches.find(name); found != switches.end()) {
            *found->second = true;
            continue;
        }
        const std::string value = i + 1 < argc ? argv[++i] : "";
        const auto number = std::strtoull(value.c_str(), nullptr, 10);
        if (name == "--seed") {
            read.seed = number;
        } else if (name == "--bodies") {
            read.bodies = number;
        } else if (name == "--pairs") {
            read.pairs = number;
        } else if (name == "--seconds") {
            read.seconds = static_cast<unsigned>(number);
        } else if (name == "--suites") {
            read.suites = static_cast<unsigned>(number);
        } else if (name == "--jobs") {
            read.jobs = static_cast<unsigned>(std::max<unsigned long long>(number, 1));
        } else if (name == "--replay") {
            read.replay = value;
        } else if (name == "--hide") { // a section of what is looked at
            hidden_sections() += value + " ";
        } else if (name == "--only") {
            read.kinds.only.push_back(kind_called(value));
        } else if (name == "--without") {
            read.kinds.without.push_back(kind_called(value));
        } else {
            std::printf("unknown option %s\n", name.c_str());
            std::exit(2);
        }
    }
    return read;
}

/// What was found already: later failures that contain its statements are counted, not reduced.
class known_failures {
  public:
    bool contains(const experiment& failing, const outcome& failure) {
        for (auto& [known, count] : all_) {
            if (known.first == failure.what && explains(known.second, failing, failure.body)) {
                ++count;
                return true;
            }
        }
        return false;
    }

    void add(const std::string& what, const experiment& minimal) {
        all_.push_back({{what, minimal}, 1});
    }

  private:
    static bool explains(const experiment& known, const experiment& failing, std::size_t last) {
        const bool is_long = known.bodies.size() + known.suites.size() > 1;
        std::multiset<std::size_t> kinds;
        for (std::size_t i = 0; i <= last && i < failing.bodies.size(); ++i) {
            if (is_long || known.is_pair || i == last) {
                for (const step& each : failing.bodies[i].steps) {
                    kinds.insert(each.kind);
                }
            }
        }
        for (const body& suite : failing.suites) {
            for (const step& each : suite.steps) {
                kinds.insert(each.kind);
            }
        }
        bool has_all = true;
        bool has_any = false;
        for (const auto* const bodies : {&known.bodies, &known.suites}) {
            for (const body& each : *bodies) {
                for (const step& step : each.steps) {
                    has_any = true;
                    has_all = has_all && kinds.count(step.kind) > 0;
                }
            }
        }
        return has_all && has_any;
    }

    std::vector<std::pair<std::pair<std::string, experiment>, std::size_t>> all_;
};

/// Runs its share of the experiments of a seed and tells what fails.
class searcher {
  public:
    searcher(const options& options, tally& tally)
        : options_(options), tally_(tally),
          end_(std::chrono::steady_clock::now() + std::chrono::seconds(options.seconds)) {}

    void search(unsigned job) {
        const std::size_t batches = (options_.bodies + batch - 1) / batch;
        const std::size_t all = batches + options_.pairs;
        for (std::size_t i = job; i < all && !is_late(); i += options_.jobs) {
            // Both kinds alternate, so that a limit of time cuts off both.
            const bool is_pair =
                options_.pairs > 0 && (i + 1) * options_.pairs / all != i * options_.pairs / all;
            dice d(options_.seed * 1000003U + i);
            if (is_pair) {
                experiment rolled = rolled_pair(d, options_.kinds);
                limit_suites(rolled);
                report(rolled, run_pair(rolled, tally_), i);
            } else {
                experiment rolled = rolled_bodies(d, options_.kinds, batch);
                limit_suites(rolled);
                report(rolled, run_apart(rolled, tally_), i);
            }
        }
    }

  private:
    [[nodiscard]] bool is_late() const {
        return options_.seconds > 0 && std::chrono::steady_clock::now() > end_;
    }

    void limit_suites(experiment& rolled) const {
        rolled.suites.resize(std::min<std::size_t>(rolled.suites.size(), options_.suites));
        rolled.config.suites = static_cast<unsigned>(rolled.suites.size());
    }

    void report(const experiment& failing, const outcome& failure, std::size_t number) {
        if (failure.what.empty()) {
            return;
        }
        ++tally_.findings;
        if (known_.contains(failing, failure)) {
            return;
        }
        const experiment minimal = shrunk(failing, failure, tally_);
        const outcome again =
            minimal.is_pair ? run_pair(minimal, tally_) : run_apart(minimal, tally_);
        const outcome& told = again.what.empty() ? failure : again;
        constexpr std::size_t most = 1500;
        std::printf(
            "\n--- %s (seed %llu, experiment %zu%s)\n%s\nto repeat it: random_test --replay "
            "\"%s\"\n",
            told.what.c_str(), static_cast<unsigned long long>(options_.seed), number,
            again.what.empty() ? ", not each time" : "", told.details.substr(0, most).c_str(),
            minimal.text().c_str());
        std::fflush(stdout);
        known_.add(failure.what, minimal);
    }

    const options& options_;
    tally& tally_;
    std::chrono::steady_clock::time_point end_;
    known_failures known_;
};

int search(options options, tally& tally) {
    if (const char* const share = std::getenv("ISOLITE_TEST_SHARE")) {
        const unsigned of = std::max(static_cast<unsigned>(std::strtoul(share, nullptr, 10)), 1U);
        options.bodies /= of;
        options.pairs /= of;
    }
    std::printf("seed %llu, %zu bodies, %zu pairs, %zu kinds\n",
                static_cast<unsigned long long>(options.seed), options.bodies, options.pairs,
                all_kinds().size());
    std::fflush(stdout);
    std::vector<pid_t> children;
    for (unsigned job = 1; job < options.jobs; ++job) {
        if (const pid_t child = fork(); child != 0) {
            children.push_back(child);
            continue;
        }
        searcher(options, tally).search(job);
        _exit(0);
    }
    searcher(options, tally).search(0);
    for (const pid_t child : children) {
        waitpid(child, nullptr, 0);
    }
    std::printf("%zu tests in bodies and pairs, %zu pairs, %zu failures\n", tally.bodies,
                tally.pairs, tally.findings);
    return tally.findings == 0 ? 0 : 1;
}

int replay(const options& options, tally& tally) {
    const experiment read = experiment::of(options.replay);
    const outcome found = read.is_pair ? run_pair(read, tally) : run_apart(read, tally);
    std::printf("%s\n%s\n%s\n", found.what.empty() ? "nothing is wrong" : found.what.c_str(),
                found.details.c_str(), found.seen.c_str());
    return found.what.empty() ? 0 : 1;
}

void show_coverage(const tally& tally) {
    for (std::size_t i = 0; i < all_kinds().size(); ++i) {
        std::printf("%8zu executed %8zu failed  %s\n", tally.kinds[i].executed,
                    tally.kinds[i].failed, all_kinds()[i].name.c_str());
    }
}

/// Runs a kind in tests of its own until it has once done what it is for.
bool is_executed(std::size_t which, tally& tally) {
    const kind& kind = all_kinds()[which];
    constexpr unsigned most = 24;
    for (unsigned i = 0; i < most && tally.kinds[which].executed == 0; ++i) {
        experiment tried;
        tried.config.wal = i % 8 >= 4;
        tried.config.attached = kind.is(trait::attached);
        tried.config.prepared = kind.is(trait::prepared);
        tried.config.ready = kind.is(trait::ready);
        tried.config.late = kind.is(trait::late) ? 1 : 0;
        tried.config.unprotected = true;
        tried.config.is_later_idle = false;
        body with;
        with.mode = i % 2 == 0 ? isolite::mode::copy_on_write : isolite::mode::rollback;
        if (kind.is(trait::lasting)) {
            const char* const before = i % 3 == 0 ? "another left in a begin" : "another left idle";
            tried.bodies.push_back({with.mode, with.next, {{kind_called(before), 0, 1}}});
        }
        if (i % 3 == 2) {
            body suite;
            suite.steps = {{kind_called("attach memory, maybe for a suite"), 0, 0}};
            tried.suites.push_back(suite);
            tried.config.suites = 1;
        }
        with.steps = {{which, i, kind.is(trait::further) ? 1U : 0U}};
        tried.bodies.push_back(with);
        tried.config.unprotected = i % 4 < 2;
        static_cast<void>(run_apart(tried, tally));
    }
    return tally.kinds[which].executed > 0;
}

/// Where nothing protects, tests must be seen, and each kind must do something somewhere.
int test_itself(const options& options, tally& tally) {
    constexpr std::size_t tries = 100;
    constexpr std::size_t least = 60;
    std::size_t seen = 0;
    std::size_t steady = 0;
    for (std::size_t i = 0; i < tries; ++i) {
        dice d(options.seed * 1000003U + i);
        experiment rolled = rolled_bodies(d, options.kinds, 3);
        rolled.config.unprotected = true;
        seen += run_apart(rolled, tally).what == "the next test sees" ? 1U : 0U;
        for (body& each : rolled.bodies) { // and tests that do nothing are not seen
            each.steps.clear();
        }
        steady += run_apart(rolled, tally).what.empty() ? 1U : 0U;
    }
    std::printf("without protection %zu of %zu experiments are seen by the next test, "
                "%zu that do nothing are not\n",
                seen, tries, steady);
    bool is_sound = seen >= least && steady == tries;
    for (std::size_t i = 0; i < all_kinds().size(); ++i) {
        if (!is_executed(i, tally)) {
            std::printf("never executed: %s\n", all_kinds()[i].name.c_str());
            is_sound = false;
        }
    }
    return is_sound ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    setenv("ISOLITE_EVIDENCE", "off", 0);
    setenv("ISOLITE_SUMMARY", "off", 0);
    const options options = read(argc, argv);
    auto* const shared = static_cast<tally*>(
        mmap(nullptr, sizeof(tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    if (all_kinds().size() > tally::most_kinds) {
        return 2;
    }
    const int status = !options.replay.empty() ? replay(options, *shared)
                       : options.self_test     ? test_itself(options, *shared)
                                               : search(options, *shared);
    if (options.coverage) {
        show_coverage(*shared);
    }
    return status;
}
