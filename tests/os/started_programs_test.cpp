#include "../worker/temporary_directory.hpp"
#include "os/child_processes.hpp"
#include "os/started_programs.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <sys/wait.h>

using isolite::os::program_to_start;
using isolite::os::start_together;

namespace {

std::string content(const std::string& path) {
    std::ostringstream all;
    all << std::ifstream(path).rdbuf();
    return all.str();
}

/// Waits for the end of programs. Says whether all have ended well.
bool have_ended_well(const std::vector<pid_t>& started) {
    bool is_well = true;
    for (const pid_t each : started) {
        is_well = isolite::os::await_end_of_group(each) == 0 && is_well;
    }
    return is_well;
}

} // namespace

TEST_CASE("programs that are started together read nothing, and each writes to its own file") {
    const temporary_directory directory;
    std::vector<program_to_start> programs;
    for (const char* const name : {"one", "two", "three"}) {
        programs.push_back(
            {{"sh", "-c", "cat; echo $NAME; echo error >&2"}, directory / name, {{"NAME", name}}});
    }
    const auto started = start_together(programs);
    REQUIRE(started);
    CHECK(have_ended_well(*started));
    CHECK(content(directory / "one") == "one\nerror\n");
    CHECK(content(directory / "three") == "three\nerror\n");
}

TEST_CASE("programs that were started together may use all processors, and lead their groups") {
    const temporary_directory directory;
    const std::string script = "until [ -e '" + (directory / "go") + "' ]; do :; done; " +
                               "grep Cpus_allowed_list /proc/self/status";
    const auto started = start_together(
        {{{"sh", "-c", script}, directory / "one"}, {{"sh", "-c", script}, directory / "two"}});
    REQUIRE(started);
    for (const pid_t each : *started) {
        CHECK(isolite::os::group_of(each) == each);
    }
    std::ofstream(directory / "go") << "go";
    CHECK(have_ended_well(*started));
    const std::string own = content("/proc/self/status");
    CHECK_FALSE(content(directory / "one").empty());
    CHECK(own.find(content(directory / "one")) != std::string::npos);
    CHECK(own.find(content(directory / "two")) != std::string::npos);
}

TEST_CASE("where one of several programs cannot be started, it is named, and none goes on") {
    const temporary_directory directory;
    const auto started = start_together({{{"sh", "-c", "while :; do :; done"}, directory / "one"},
                                         {{"./nowhere"}, directory / "two"}});
    REQUIRE_FALSE(started);
    CHECK(started.error().text() == "cannot start ./nowhere: No such file or directory\n"
                                    "  hint: write the path of a program, e.g. ./my_tests");
    CHECK_FALSE(isolite::os::has_children());
}
