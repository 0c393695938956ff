#include "small_run.hpp"

#include "run/worker_exit.hpp"
#include "sandbox/unheard_leak.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

using namespace std::chrono_literals;

using isolite::results::outcome;
using isolite::results::verdict;
using isolite::run::exit_scope;
using isolite::run::forked_worker;

namespace {

/// What was destroyed in the workers of a test, or called at their exit.
struct ends {
    std::atomic<int> made_before, made_here, of_thread_before, of_thread_here, handlers;
    std::atomic<int> reaped_child;
};

/// Counts its end, in a process that was forked since it was made or in the one that made it.
class counted {
  public:
    explicit counted(std::atomic<int>& ends) : ends_(&ends) {}
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    ~counted() { ++*ends_; }

    void touch() const {}

  private:
    std::atomic<int>* ends_;
};

/// Ends a worker in the way that is chosen when the objects of the worker are destroyed.
class ending {
  public:
    explicit ending(void (*end)()) : end_(end) {}
    ending(const ending&) = delete;
    ending& operator=(const ending&) = delete;
    ~ending() { end_(); }

  private:
    void (*end_)();
};

/// Runs one case that passes, in a worker that has an object that ends so.
outcome run_with_ending(small_run& small, void (*end)()) {
    return small.run([end](forked_worker&, std::size_t) {
        static const ending last(end);
        return verdict::passed;
    });
}

outcome run_with_ending(void (*end)()) {
    small_run small(1, 1);
    return run_with_ending(small, end);
}

shared<ends>& of_workers() {
    static shared<ends> instance;
    return instance;
}

/// Runs one case in a worker, in a process that had objects before it.
void run_with_objects(small_run& small) {
    ends& seen = *of_workers();
    seen.made_before = seen.made_here = seen.of_thread_before = seen.of_thread_here = 0;
    seen.handlers = seen.reaped_child = 0;
    static const counted before(seen.made_before);
    thread_local const counted of_thread_before(seen.of_thread_before);
    of_thread_before.touch();
    static_cast<void>(small.run([&seen](forked_worker&, std::size_t) {
        static const counted here(seen.made_here);
        thread_local const counted of_thread_here(seen.of_thread_here);
        of_thread_here.touch();
        std::atexit([] { ++of_workers()->handlers; });
        return verdict::passed;
    }));
}

} // namespace

TEST_CASE("a worker that ends destroys what it made, and calls what it gave to atexit") {
    small_run small(1, 1);
    run_with_objects(small);
    CHECK(of_workers()->made_here == 1);
    CHECK(of_workers()->of_thread_here == 1);
    CHECK(of_workers()->handlers == 1);
}

TEST_CASE("a worker that ends leaves what was made before the fork to its parent") {
    small_run small(1, 1);
    run_with_objects(small);
    CHECK(of_workers()->made_before == 0);
    CHECK(of_workers()->of_thread_before == 0);
}

TEST_CASE("a worker that is to end quickly destroys nothing") {
    small_run small(1, 1);
    small.scope_of_exit = exit_scope::none;
    run_with_objects(small);
    CHECK(of_workers()->made_here == 0);
    CHECK(of_workers()->of_thread_here == 0);
    CHECK(of_workers()->handlers == 0);
}

TEST_CASE("a worker that ends stops the child that one of its objects owns") {
    struct server {
        pid_t process = ::fork();
        server() {
            while (process == 0) {
                ::pause();
            }
        }
        server(const server&) = delete;
        server& operator=(const server&) = delete;
        ~server() {
            ::kill(process, SIGTERM);
            int status = 0;
            const bool reaped = ::waitpid(process, &status, 0) == process;
            of_workers()->reaped_child = reaped && WTERMSIG(status) == SIGTERM ? 1 : 0;
        }
    };
    of_workers()->reaped_child = 0;
    small_run small(1, 1);
    const outcome became = small.run([](forked_worker&, std::size_t) {
        static const server instance;
        return verdict::passed;
    });
    CHECK(of_workers()->reaped_child == 1);
    CHECK(became.troubles.empty());
}

TEST_CASE("a status that a worker ends with fails the run, with what it wrote") {
    const outcome became = run_with_ending([] {
        std::puts("handles are open");
        std::fflush(stdout);
        ::_exit(3);
    });
    CHECK((became.results[0].verdict == verdict::passed));
    REQUIRE(became.troubles.size() == 1);
    CHECK(became.troubles[0] ==
          "worker w0 failed as it ended: its status was 3\nhandles are open\n");
    CHECK(became.status_of_workers == 3);
    CHECK(became.workers[0].replacements == 0);
}

TEST_CASE("a status that a function of atexit chooses by exit fails the run") {
    const outcome became = run_with_ending([] { std::exit(4); });
    REQUIRE(became.troubles.size() == 1);
    CHECK(became.troubles[0] == "worker w0 failed as it ended: its status was 4\n");
}

TEST_CASE("a crash of a worker that ends fails the run") {
    const outcome became = run_with_ending([] { ::raise(SIGKILL); });
    REQUIRE(became.troubles.size() == 1);
    CHECK(became.troubles[0] ==
          "worker w0 failed as it ended: it was killed by signal 9 (SIGKILL, Killed)\n");
    CHECK(became.status_of_workers == 0);
}

TEST_CASE("a worker that does not come to its end is killed, and fails the run") {
    small_run small(1, 1);
    small.limit_of_exit = 50ms;
    const outcome became = run_with_ending(small, [] {
        for (;;) {
            ::pause();
        }
    });
    CHECK((became.results[0].verdict == verdict::passed));
    REQUIRE(became.troubles.size() == 1);
    CHECK(became.troubles[0] ==
          "worker w0 failed as it ended: it took longer than 0.05 s, and was killed\n");
}

TEST_CASE("a leak that nobody heard of fails its worker, and the case keeps what it wrote") {
    small_run small(3, 1);
    const outcome became = small.run([](forked_worker&, std::size_t position) {
        if (position == 1) {
            isolite::sandbox::report_unheard("a leak", "a destructor found it");
        }
        std::puts("said by each");
        return verdict::passed;
    });
    CHECK(became.results[0].output.empty());
    CHECK(became.results[1].output == "isolite: a leak\n  a destructor found it\nsaid by each\n");
    CHECK(became.results[2].output.empty());
    CHECK(became.status_of_workers == EXIT_FAILURE);
    REQUIRE(became.troubles.size() == 1);
    CHECK(became.troubles[0] == "worker w0 failed as it ended: its status was 1\n");
}

TEST_CASE("each worker ends as a process, also one that a worker has forked") {
    small_run small(1, 1);
    shared<std::atomic<int>> inner_ends;
    const outcome became = small.run([&inner_ends](forked_worker&, std::size_t) {
        static const counted of_outer(*inner_ends); // which only the outer one destroys
        small_run inner(1, 1);
        const outcome inside = inner.run([&inner_ends](forked_worker&, std::size_t) {
            static const counted of_inner(*inner_ends);
            return verdict::passed;
        });
        return inside.troubles.empty() && *inner_ends == 1 ? verdict::passed : verdict::failed;
    });
    CHECK((became.results[0].verdict == verdict::passed));
    CHECK(*inner_ends == 2);
    CHECK(became.troubles.empty());
}
