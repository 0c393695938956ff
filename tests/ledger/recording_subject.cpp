// Does to its own records what tests do to a process, without a framework. Argument: what to do, by
// the name of a function below. What it says at its end goes to stdout.

#include "ledger/account_text.hpp"
#include "ledger/ledger.hpp"
#include "results/run_records.hpp"
#include "worker/forked_places.hpp"

#include <isolite/engine.hpp>
#include <isolite/session.hpp>
#include <isolite/timed_fixture.hpp>

#include <atomic>
#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using isolite::timed_fixture;
using isolite::records::ledger;

constexpr int many = 5000; // records need several pieces of a file

void enter(int count, const std::string& name = "fixture of a user") {
    for (int i = 0; i < count; ++i) {
        const timed_fixture timed(name);
    }
}

/// Runs something in a child. Returns its wait status.
template <typename Body>
int in_child(Body body) {
    const pid_t child = ::fork();
    if (child == 0) {
        body();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

isolite::engine open_shop() {
    isolite::seed shop("shop");
    shop.sql("CREATE TABLE products (name TEXT)");
    return isolite::engine::open(shop).value();
}

/// Made before anything of isolite's, and so destroyed after all of it.
struct late_things {
    std::unique_ptr<isolite::engine> engine;
    std::optional<isolite::session> session;
    bool wanted = false;

    ~late_things() {
        if (wanted) {
            enter(many);
            session.reset();
        }
    }
};
late_things late;

void close_after_all_destructors() {
    late.wanted = true;
    late.engine = std::make_unique<isolite::engine>(open_shop());
    late.session.emplace(isolite::session::open(*late.engine, "late").value());
}

/// Forks while threads keep records: the children enter some, and come to their end.
void fork_beside_threads() {
    enter(1); // a child of a process that had no ledger would begin one
    std::atomic<bool> done{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&done] {
            while (!done) {
                enter(1);
            }
        });
    }
    int failed = 0;
    for (int i = 0; i < 200; ++i) {
        failed += in_child([] {
                      ::alarm(20); // a guard against hanging
                      enter(3, "of a child");
                      std::exit(0);
                  }) == 0
                      ? 0
                      : 1;
    }
    done = true;
    for (std::thread& each : threads) {
        each.join();
    }
    std::printf("%d children failed\n", failed);
}

void limit_size_of_files() {
    enter(1);
    constexpr rlimit none{0, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &none);
    enter(many);
    std::printf("alive\n");
}

void mask_all_permissions() {
    constexpr uid_t nobody = 65534;
    if (::geteuid() == 0 && ::seteuid(nobody) != 0) { // nothing keeps root out
        std::exit(1);
    }
    ::umask(S_IRWXU | S_IRWXG | S_IRWXO);
    enter(many);
}

void exit_outside_of_cases() {
    isolite::records::ledger::of_process().begin_run();
    enter(1);
    std::exit(0);
}

/// Tells what there is before the first case begins.
void make_ready() {
    isolite::records::ledger::of_process().begin_run();
    isolite::records::ledger::of_process().make_ready();
    const std::filesystem::path runs = std::getenv("ISOLITE_LEDGER");
    std::printf("%zu runs\n", static_cast<std::size_t>(
                                  std::distance(std::filesystem::directory_iterator(runs), {})));
}

void exit_in_a_case() {
    isolite::records::ledger::of_process().begin_run();
    isolite::records::ledger::of_process().begin_case("stops", 0,
                                                      isolite::records::ledger::clock::now());
    std::exit(0);
}

/// Ends from a handler, at a random moment of keeping records.
void exit_in_a_handler() {
    int failed = 0;
    for (int i = 0; i < 200; ++i) {
        failed +=
            in_child([i] {
                ::alarm(20);
                ::signal(SIGPROF, [](int) { std::exit(0); });
                const itimerval soon{{0, 0}, {0, 1000 + i}};
                ::setitimer(ITIMER_PROF, &soon, nullptr);
                for (;;) {
                    static_cast<void>(isolite::records::ledger::of_process().time_in_fixtures());
                }
            }) == 0
                ? 0
                : 1;
    }
    std::printf("%d children failed\n", failed);
}

std::jmp_buf out;

/// As Boost.Test does for a case that takes too long.
void jump_out_of_a_fixture() {
    ledger& kept = isolite::records::ledger::of_process();
    kept.begin_run();
    kept.begin_case("jumps", 0, isolite::records::ledger::clock::now());
    if (setjmp(out) == 0) {
        const timed_fixture outer("cut off");
        std::longjmp(out, 1);
    }
    kept.end_case({"failed", "it took too long", isolite::records::ledger::clock::now()});
    enter(1, "after that");
    kept.end();
}

void jump_out_of_the_ledger() {
    ledger& kept = isolite::records::ledger::of_process();
    kept.begin_run();
    if (setjmp(out) == 0) {
        kept.record("death", [](isolite::records::record_line&) { std::longjmp(out, 1); });
    }
    ::alarm(20);
    enter(1);
    std::thread([] { enter(1); }).join();
    std::printf("alive, as is a child: %d\n", in_child([] { std::exit(0); }));
}

void end_fixtures_in_another_thread() {
    auto moved = std::make_unique<timed_fixture>("moved");
    std::thread([&moved] {
        moved.reset();
        enter(1, "in the thread");
    }).join();
}

void seed_before_the_run() {
    {
        const timed_fixture outer("outer");
        enter(1, "inner");
    }
    isolite::records::ledger::of_process().begin_run();
    enter(1, "after");
    isolite::records::ledger::of_process().end();
}

/// As a program does that calls doctest's Context::run twice.
void run_twice() {
    ledger& kept = isolite::records::ledger::of_process();
    for (const char* const test : {"first", "second"}) {
        kept.begin_run();
        kept.begin_case(test, 0, isolite::records::ledger::clock::now());
        kept.end_case({"passed", "", isolite::records::ledger::clock::now()});
        kept.end();
    }
}

/// Forks a worker of another run id than the parent's, as for a parent that has a slot of its own.
void fork_a_worker() {
    ledger& kept = isolite::records::ledger::of_process();
    kept.begin_run();
    kept.become_parent();
    const pid_t parent = ::getpid();
    in_child([&] {
        isolite::workers::become({"elsewhere", 7, "w7", 1, {}});
        kept.become_worker(parent);
        enter(1);
        kept.end();
    });
    kept.end();
}

void tell_of_a_death() {
    isolite::results::record_death({"w1", 2, 42, "killed by SIGKILL", "orders/first"});
}

void use_many_names() {
    isolite::records::ledger::of_process().become_worker(1);
    constexpr int names = 100'000;
    ::alarm(30);
    for (int i = 0; i < names; ++i) {
        enter(1, std::to_string(i));
    }
    std::printf(
        "%zu lines\n",
        isolite::records::lines_of(isolite::records::ledger::of_process().account()).size());
}

const std::map<std::string, void (*)()> actions = {
    {"close_after_all_destructors", close_after_all_destructors},
    {"fork_beside_threads", fork_beside_threads},
    {"limit_size_of_files", limit_size_of_files},
    {"mask_all_permissions", mask_all_permissions},
    {"exit_outside_of_cases", exit_outside_of_cases},
    {"exit_in_a_case", exit_in_a_case},
    {"make_ready", make_ready},
    {"exit_in_a_handler", exit_in_a_handler},
    {"jump_out_of_a_fixture", jump_out_of_a_fixture},
    {"jump_out_of_the_ledger", jump_out_of_the_ledger},
    {"end_fixtures_in_another_thread", end_fixtures_in_another_thread},
    {"run_twice", run_twice},
    {"tell_of_a_death", tell_of_a_death},
    {"fork_a_worker", fork_a_worker},
    {"use_many_names", use_many_names},
    {"seed_before_the_run", seed_before_the_run},
};

} // namespace

int main(int argc, char** argv) {
    if (argc < 2 || actions.count(argv[1]) == 0) {
        return 2;
    }
    actions.at(argv[1])();
    return 0;
}
