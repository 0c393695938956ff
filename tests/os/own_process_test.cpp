#include "os/own_process.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using isolite::os::own_variables;
using isolite::os::program_path;
using isolite::os::program_path_by;

TEST_CASE("the path of a program is known without /proc, too") {
    const std::string real = std::filesystem::canonical("/bin/sh");
    CHECK(program_path_by("/nowhere/exe", "/bin/sh") == real);
    CHECK(program_path_by("/nowhere/exe", "nowhere/program") ==
          (std::filesystem::current_path() / "nowhere/program").string());
    CHECK(program_path_by("/nowhere/exe", nullptr) == "");
    CHECK(program_path_by("/nowhere/exe", "") == "");
    CHECK(program_path_by("/proc/self/exe", "/bin/sh") == program_path());
    CHECK(program_path().front() == '/');
}

TEST_CASE("a forked child has a number of its own, however it was forked") {
    using isolite::os::own_number;
    CHECK(own_number() == ::getpid());
    const auto knows_itself = [](pid_t child) {
        if (child == 0) {
            ::_exit(own_number() == ::getpid() && own_number() == ::getpid() ? 0 : 1);
        }
        int status = -1;
        return ::waitpid(child, &status, 0) == child && status == 0;
    };
    CHECK(knows_itself(::fork()));
    CHECK(knows_itself(static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0))));
    CHECK(own_number() == ::getpid());
}

TEST_CASE("the variables of this process are those that it has now") {
    ::setenv("OWN_PROCESS_TEST", "a=b", 1);
    CHECK(own_variables().at("OWN_PROCESS_TEST") == "a=b");
    ::unsetenv("OWN_PROCESS_TEST");
    CHECK(own_variables().count("OWN_PROCESS_TEST") == 0);
}
