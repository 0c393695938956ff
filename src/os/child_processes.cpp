#include "os/child_processes.hpp"

#include "os/files.hpp"
#include "os/process_tree.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace isolite::os {

namespace {

bool is_running(pid_t child) {
    const auto found = find_process(child);
    return found && found->state != 'Z' && found->state != 'X';
}

} // namespace

pid_t fork_child() {
    std::cout.flush();
    std::fflush(nullptr);
    return ::fork();
}

void lead_group(pid_t process) noexcept {
    ::setpgid(process, process);
}

pid_t group_of(pid_t process) noexcept {
    return ::getpgid(process);
}

void end_with(pid_t parent) noexcept {
    ::prctl(PR_SET_PDEATHSIG, static_cast<unsigned long>(SIGKILL), 0UL, 0UL, 0UL);
    if (::getppid() != parent) {
        ::_exit(1);
    }
}

void await_end(pid_t child) noexcept {
    ::waitpid(child, nullptr, 0);
}

int await_status(pid_t child) noexcept {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

void kill_process(pid_t process) noexcept {
    ::kill(process, SIGKILL);
}

void send_signal(pid_t process, int signal) noexcept {
    ::kill(process, signal);
}

bool has_children() {
    siginfo_t info{};
    return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

std::vector<pid_t> running_children() {
    return has_children() ? running_children(::getpid()) : std::vector<pid_t>();
}

std::vector<pid_t> running_children(pid_t of) {
    std::vector<pid_t> children;
    // A child belongs to the thread that made it.
    const std::string tasks = "/proc/" + std::to_string(of) + "/task";
    for (const std::string& thread : names_in(tasks)) {
        std::ifstream list(tasks + "/" + thread + "/children");
        for (pid_t child = 0; list >> child;) {
            if (is_running(child)) {
                children.push_back(child);
            }
        }
    }
    return children;
}

std::string description_of(pid_t process) {
    const auto found = find_process(process);
    return std::to_string(process) + " (" + (found ? found->name : "") + ")";
}

void adopt_orphans(bool wanted) {
    ::prctl(PR_SET_CHILD_SUBREAPER, wanted ? 1UL : 0UL, 0UL, 0UL, 0UL);
}

bool has_ended(pid_t child) {
    siginfo_t ended{};
    const auto id = static_cast<id_t>(child);
    const int asked = ::waitid(P_PID, id, &ended, WEXITED | WNOHANG | WNOWAIT);
    // A thread of the program may have taken it from us, whatever it was.
    return asked == 0 ? ended.si_pid == child : errno == ECHILD;
}

std::optional<int> stop_signal(pid_t child) {
    siginfo_t stopped{};
    const auto id = static_cast<id_t>(child);
    const bool found =
        ::waitid(P_PID, id, &stopped, WSTOPPED | WNOHANG | WNOWAIT) == 0 && stopped.si_pid == child;
    return found ? std::optional<int>(stopped.si_status) : std::nullopt;
}

int await_end_of_group(pid_t child) {
    siginfo_t ended{};
    while (::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) != 0 &&
           errno == EINTR) {
    }
    ::kill(-child, SIGKILL); // its number is nobody else's until it is waited for
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

void kill_children_except(const std::vector<pid_t>& spared) {
    kill_children_if([&spared](pid_t child) {
        return std::find(spared.begin(), spared.end(), child) == spared.end();
    });
}

void kill_children_if(const std::function<bool(pid_t)>& is_meant) {
    // Whoever is killed may leave children of its own, which come to us: a few rounds.
    constexpr int generations = 16;
    for (int i = 0; i < generations; ++i) {
        bool killed = false;
        for (const pid_t child : running_children()) {
            if (is_meant(child)) {
                ::kill(child, SIGKILL);
                ::waitpid(child, nullptr, 0);
                killed = true;
            }
        }
        if (!killed) {
            return;
        }
    }
}

void bury_orphans(const std::vector<pid_t>& spared) {
    siginfo_t ended{};
    while (::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid != 0 &&
           std::find(spared.begin(), spared.end(), ended.si_pid) == spared.end()) {
        ::waitpid(ended.si_pid, nullptr, WNOHANG);
        ended.si_pid = 0;
    }
}

bool runs_same_program(pid_t process) {
    struct stat own {};
    struct stat other {};
    return ::stat("/proc/self/exe", &own) == 0 &&
           ::stat(("/proc/" + std::to_string(process) + "/exe").c_str(), &other) == 0 &&
           own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

} // namespace isolite::os
