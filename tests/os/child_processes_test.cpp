#include "../sandbox/in_child.hpp"
#include "os/child_processes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using isolite::os::adopt_orphans;
using isolite::os::description_of;
using isolite::os::kill_children_except;
using isolite::os::running_children;
using isolite::os::stop_signal;

namespace {

using processes = std::vector<pid_t>;

/// Starts a child that runs until it is killed, or its parent ends. Returns when it has this name.
pid_t start_child(const char* name = "waiting") {
    int ends[2];
    static_cast<void>(::pipe(ends));
    const pid_t child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, static_cast<unsigned long>(SIGKILL), 0UL, 0UL, 0UL);
        ::prctl(PR_SET_NAME, name, 0UL, 0UL, 0UL);
        ::close(ends[0]);
        ::close(ends[1]);
        for (;;) {
            ::pause();
        }
    }
    ::close(ends[1]);
    char byte = 0;
    static_cast<void>(::read(ends[0], &byte, 1));
    ::close(ends[0]);
    return child;
}

/// Starts a child that starts a child and ends. Returns the one that is left.
pid_t start_orphan() {
    int ends[2];
    static_cast<void>(::pipe(ends));
    const pid_t child = ::fork();
    if (child == 0) {
        const pid_t orphan = ::fork();
        if (orphan == 0) {
            for (;;) {
                ::pause();
            }
        }
        static_cast<void>(::write(ends[1], &orphan, sizeof orphan));
        ::_exit(0);
    }
    pid_t orphan = 0;
    static_cast<void>(::read(ends[0], &orphan, sizeof orphan));
    ::waitpid(child, nullptr, 0);
    ::close(ends[0]);
    ::close(ends[1]);
    return orphan;
}

bool is_there(pid_t process) {
    return ::kill(process, 0) == 0;
}

/// Returns the children that are found, one after the other, by the names given here.
std::string names(const processes& found, const std::vector<std::pair<pid_t, std::string>>& known) {
    std::string text;
    for (const auto& [process, name] : known) {
        if (std::find(found.begin(), found.end(), process) != found.end()) {
            text += name + " ";
        }
    }
    return text + "of " + std::to_string(found.size());
}

} // namespace

TEST_CASE("the children that run are found, those that ended are not") {
    const std::string seen = in_child([] {
        std::string text = names(running_children(), {});
        const pid_t one = start_child();
        const pid_t two = start_child();
        text += ", " + names(running_children(), {{one, "one"}, {two, "two"}});
        ::kill(one, SIGKILL);
        siginfo_t info{};
        ::waitid(P_PID, static_cast<id_t>(one), &info, WEXITED | WNOWAIT); // a zombie
        text += ", " + names(running_children(), {{one, "one"}, {two, "two"}});
        ::kill(two, SIGKILL);
        ::waitpid(two, nullptr, 0);
        return text + ", " + names(running_children(), {});
    });
    CHECK(seen == "of 0, one two of 2, two of 1, of 0");
}

TEST_CASE("a child that is stopped still counts as running") {
    const std::string seen = in_child([] {
        const pid_t child = start_child();
        ::kill(child, SIGSTOP);
        ::waitpid(child, nullptr, WUNTRACED);
        return names(running_children(), {{child, "child"}});
    });
    CHECK(seen == "child of 1");
}

TEST_CASE("a child belongs to the process, whichever of its threads made it") {
    const std::string seen = in_child([] {
        std::promise<pid_t> made;
        std::promise<void> seen;
        std::thread other([&] {
            made.set_value(start_child());
            seen.get_future().wait();
        });
        const pid_t child = made.get_future().get();
        const std::string text = names(running_children(), {{child, "child"}});
        kill_children_except({});
        seen.set_value();
        other.join();
        return text + ", " + names(running_children(), {}) + (is_there(child) ? "!" : "");
    });
    CHECK(seen == "child of 1, of 0");
}

TEST_CASE("orphans come to a process that adopts them, and to no other") {
    const std::string seen = in_child([] {
        adopt_orphans(true);
        const pid_t adopted = start_orphan();
        adopt_orphans(false);
        const pid_t foreign = start_orphan();
        const std::string text =
            names(running_children(), {{adopted, "adopted"}, {foreign, "foreign"}});
        ::kill(adopted, SIGKILL);
        ::kill(foreign, SIGKILL);
        ::waitpid(adopted, nullptr, 0);
        return text;
    });
    CHECK(seen == "adopted of 1");
}

TEST_CASE("a process is described by its id and its command, whatever that holds") {
    for (const std::string name : {"waiting", "a) Z 1 (b", "two\nlines", "(", "\xff"}) {
        CAPTURE(name);
        const std::string seen = in_child([&] {
            const pid_t child = start_child(name.c_str());
            const std::string is_found = names(running_children(), {{child, "found"}});
            return is_found + ", " +
                   (description_of(child) == std::to_string(child) + " (" + name + ")"
                        ? "described"
                        : description_of(child));
        });
        CHECK(seen == "found of 1, described");
    }
}

TEST_CASE("all children but those spared are killed and buried, with what they leave behind") {
    const std::string seen = in_child([] {
        adopt_orphans(true);
        const pid_t spared = start_child();
        const pid_t child = start_child();
        const pid_t orphan = start_orphan();
        int ends[2];
        static_cast<void>(::pipe(ends));
        if (::fork() == 0) {
            ::prctl(PR_SET_NAME, "parent", 0UL, 0UL, 0UL);
            const pid_t grandchild = ::fork();
            if (grandchild != 0) {
                static_cast<void>(::write(ends[1], &grandchild, sizeof grandchild));
            }
            for (;;) {
                ::pause();
            }
        }
        pid_t grandchild = 0;
        static_cast<void>(::read(ends[0], &grandchild, sizeof grandchild));
        kill_children_except({spared});
        std::string text;
        for (const pid_t each : {child, orphan, grandchild}) {
            text += is_there(each) ? "left " : "gone ";
        }
        text += names(running_children(), {{spared, "spared"}});
        kill_children_except({});
        const bool none = ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD;
        return text + (none ? ", none" : ", some");
    });
    CHECK(seen == "gone gone gone spared of 1, none");
}

TEST_CASE("a child that is stopped is known by the signal, until it goes on") {
    const std::string seen = in_child([] {
        const pid_t child = start_child();
        std::string text = stop_signal(child) ? "stopped " : "runs ";
        ::kill(child, SIGSTOP);
        siginfo_t info{};
        ::waitid(P_PID, static_cast<id_t>(child), &info, WSTOPPED | WNOWAIT);
        for (int i = 0; i < 2; ++i) {
            text += stop_signal(child) == SIGSTOP ? "stopped " : "runs ";
        }
        text += isolite::os::has_ended(child) ? "ended " : "";
        ::kill(child, SIGCONT);
        text += stop_signal(child) ? "stopped " : "runs ";
        ::kill(child, SIGKILL);
        ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT);
        return text + (stop_signal(child) ? "stopped" : "ended");
    });
    CHECK(seen == "runs stopped stopped runs ended");
}
