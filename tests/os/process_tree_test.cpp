#include "../worker/child_process.hpp"
#include "os/process_tree.hpp"

#include <doctest/doctest.h>

#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

using isolite::os::ancestors_of;
using isolite::os::environment_of;
using isolite::os::this_process;

TEST_CASE("a process knows itself and its parent") {
    const auto self = this_process();
    CHECK(self.pid == ::getpid());
    CHECK(self.parent == ::getppid());
    CHECK(self.start_time > 0);
    REQUIRE_FALSE(self.arguments.empty());
    CHECK(self.scope.size() == 8);
    CHECK(self.identity() ==
          std::to_string(::getpid()) + "-" + std::to_string(self.start_time) + "-" + self.scope);
}

TEST_CASE("equal numbers of processes are other identities in another namespace of pids") {
    const std::string there = child_process::fork([] {
                                  if (::unshare(CLONE_NEWUSER | CLONE_NEWPID) != 0) {
                                      return std::string("none to be had");
                                  }
                                  return child_process::fork([] { // its first process
                                             return this_process().scope;
                                         })
                                      .read_all();
                              }).read_all();
    CHECK(there != this_process().scope);
    CHECK(there != "");
}

TEST_CASE("the ancestors begin with the parent") {
    const std::string seen_by_child = child_process::fork([] {
                                          const auto ancestors = ancestors_of(this_process());
                                          return ancestors.empty() ? "" : ancestors[0].identity();
                                      }).read_all();
    CHECK(seen_by_child == this_process().identity());
}

TEST_CASE("after the parent come its ancestors") {
    const std::string seen_by_grandchild =
        child_process::fork([] {
            return child_process::fork([] {
                       const auto ancestors = ancestors_of(this_process());
                       return ancestors.size() < 2 ? "" : ancestors[1].identity();
                   })
                .read_all();
        }).read_all();
    CHECK(seen_by_grandchild == this_process().identity());
}

TEST_CASE("a name with spaces and parentheses does not confuse the search") {
    const std::string seen_by_child = child_process::fork([] {
                                          ::prctl(PR_SET_NAME, "a) R 1 (b", 0, 0, 0);
                                          return std::to_string(this_process().parent);
                                      }).read_all();
    CHECK(seen_by_child == std::to_string(::getpid()));
}

TEST_CASE("the environment of another process is the one it was started with") {
    auto child = child_process::probe(
        {"--until-eof"}, {"ISOLITE_RUN_ID=r", "ISOLITE_WORKER_SLOT=0", "EMPTY=", "EQUAL=a=b"});
    REQUIRE(child.read_line().find("w0") == 0);
    const auto variables = environment_of(child.pid());
    CHECK(variables.at("EMPTY") == "");
    CHECK(variables.at("EQUAL") == "a=b");
    CHECK(variables.count("HOME") == 0);
}

TEST_CASE("a process that does not exist has no environment") {
    CHECK(environment_of(1 << 30).empty());
}
