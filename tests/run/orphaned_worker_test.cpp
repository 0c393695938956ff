#include "endings.hpp"
#include "small_run.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <functional>
#include <string>
#include <thread>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using isolite::results::verdict;
using isolite::run::forked_worker;

namespace {

/// Lets a worker run two cases, and kills its parent as soon as the worker asks for it by a byte.
/// Returns what the worker says then, when it has ended.
std::string said_after_the_death_of_the_parent(
    const std::function<verdict(forked_worker&, std::size_t, int)>& body) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    std::fflush(nullptr);
    const pid_t parent = ::fork();
    if (parent == 0) {
        ::close(ends[0]);
        small_run small(2, 1);
        static_cast<void>(small.run([&](forked_worker& self, std::size_t position) {
            return body(self, position, ends[1]);
        }));
        ::_exit(0);
    }
    ::close(ends[1]);
    char byte = 0;
    CHECK(::read(ends[0], &byte, 1) == 1); // a worker is there
    ::kill(parent, SIGKILL);
    std::string said;
    while (::read(ends[0], &byte, 1) == 1) { // until it has gone with all that it had open
        said += byte;
    }
    CHECK(::waitpid(parent, nullptr, 0) == parent);
    ::close(ends[0]);
    return said;
}

void say(int to, char byte) {
    static_cast<void>(::write(to, &byte, 1));
}

void leave_parent() {
    ::prctl(PR_SET_PDEATHSIG, 0UL, 0UL, 0UL, 0UL);
}

void outlive(pid_t parent) {
    while (::getppid() == parent) {
        std::this_thread::yield();
    }
}

} // namespace

TEST_CASE("a worker ends when its parent is killed") {
    CHECK(said_after_the_death_of_the_parent([](forked_worker&, std::size_t, int to) {
              say(to, 'x');
              wait_for_ever();
              return verdict::passed;
          }) == "");
}

TEST_CASE("a worker that a test let outlive its parent ends with that test") {
    CHECK(said_after_the_death_of_the_parent([](forked_worker&, std::size_t position, int to) {
              const pid_t parent = ::getppid();
              if (position == 1) {
                  say(to, 'y');
                  return verdict::passed;
              }
              leave_parent();
              say(to, 'x');
              outlive(parent);
              return verdict::passed;
          }) == "");
}

TEST_CASE("a worker that a test let outlive its parent ends in a later test when it is killed") {
    CHECK(said_after_the_death_of_the_parent([](forked_worker&, std::size_t position, int to) {
              if (position == 0) {
                  leave_parent();
                  return verdict::passed;
              }
              say(to, 'x');
              wait_for_ever();
              return verdict::passed;
          }) == "");
}

TEST_CASE("a worker that waits for a case of another one ends when its parent is killed") {
    CHECK(said_after_the_death_of_the_parent([](forked_worker& self, std::size_t, int to) {
              const pid_t parent = ::getppid();
              self.finish(verdict::passed, "");
              leave_parent();
              say(to, 'x');
              outlive(parent);
              static_cast<void>(self.passed(1)); // which nobody will run
              return verdict::passed;
          }) == "");
}
