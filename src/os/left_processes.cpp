#include "os/left_processes.hpp"

#include "os/child_processes.hpp"

#include <algorithm>
#include <csignal>
#include <memory>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace isolite::os {

namespace {

/// Returns a number that grows with each child that is waited for: no process runs without a fault.
long faults_of_children() {
    rusage used{};
    ::getrusage(RUSAGE_CHILDREN, &used);
    return used.ru_minflt;
}

/// Says whether nobody is told of children that end.
bool children_vanish() {
    struct sigaction now {};
    return ::sigaction(SIGCHLD, nullptr, &now) == 0 &&
           (now.sa_handler == SIG_IGN || (now.sa_flags & SA_NOCLDWAIT) != 0);
}

bool is_any(int folder, const char* name, const std::vector<file_identity>& files) {
    struct stat found {};
    return ::fstatat(folder, name, &found, 0) == 0 &&
           std::find(files.begin(), files.end(), file_identity{found.st_dev, found.st_ino}) !=
               files.end();
}

/// Says whether stdout or stderr of a process is one of these files.
bool writes_to_any(pid_t process, const std::vector<file_identity>& files) {
    const std::string descriptors = "/proc/" + std::to_string(process) + "/fd/";
    return is_any(AT_FDCWD, (descriptors + "1").c_str(), files) ||
           is_any(AT_FDCWD, (descriptors + "2").c_str(), files);
}

bool contains(const std::vector<pid_t>& all, pid_t one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

} // namespace

bool holds_any(pid_t process, const std::vector<file_identity>& files) {
    const std::string folder = "/proc/" + std::to_string(process) + "/fd";
    const std::unique_ptr<DIR, int (*)(DIR*)> listed(::opendir(folder.c_str()), ::closedir);
    while (const dirent* const entry = listed ? ::readdir(listed.get()) : nullptr) {
        if (is_any(::dirfd(listed.get()), entry->d_name, files)) {
            return true;
        }
    }
    return false;
}

left_processes::left_processes(pid_t parent, std::vector<file_identity> own_files)
    : parent_(parent), own_files_(std::move(own_files)), faults_of_children_(faults_of_children()) {
    look_for_orphans(); // of the process that this one replaces
}

void left_processes::begin() {
    known_ = running();
}

std::vector<std::string> left_processes::found() {
    std::vector<std::string> left;
    std::vector<pid_t> now = running();
    for (const pid_t process : now) {
        if (!contains(known_, process)) {
            left.push_back(description_of(process));
        }
    }
    known_ = std::move(now);
    return left;
}

bool left_processes::write_to(const file_identity& file) {
    const std::vector<pid_t> all = running();
    return std::any_of(all.begin(), all.end(),
                       [&file](pid_t process) { return writes_to_any(process, {file}); });
}

/// Returns the children that run, and the orphans: those of the last look if no child has ended
/// since, which may have left one.
std::vector<pid_t> left_processes::running() {
    const bool any = has_children();
    std::vector<pid_t> all = any ? running_children(::getpid()) : std::vector<pid_t>();
    const long faults = faults_of_children();
    if (any || faults != faults_of_children_ || children_vanish()) {
        faults_of_children_ = faults;
        look_for_orphans();
    }
    all.insert(all.end(), orphans_.begin(), orphans_.end());
    return all;
}

void left_processes::look_for_orphans() {
    orphans_.clear();
    for (const pid_t process : running_children(parent_)) {
        if (is_orphan_of_tests(process)) {
            orphans_.push_back(process);
        }
    }
}

/// A worker that was just forked still holds the files of others, but writes to none, and is in
/// its parent's session.
bool left_processes::is_orphan_of_tests(pid_t process) const {
    const pid_t self = ::getpid();
    if (process == self) {
        return false;
    }
    const bool is_no_worker =
        writes_to_any(process, own_files_) || ::getsid(process) != ::getsid(0);
    return ::getpgid(process) == self || (is_no_worker && holds_any(process, own_files_));
}

} // namespace isolite::os
