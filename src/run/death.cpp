#include "run/death.hpp"

#include "os/signal_name.hpp"
#include "run/run_files.hpp"
#include "text/words.hpp"

#include <cstdlib> // what a status says
#include <cstring>

namespace isolite::run {

namespace {

std::string description_of_signal(int signal) {
    return "signal " + std::to_string(signal) + " (" + os::name_of_signal(signal) + ", " +
           ::strsignal(signal) + ")";
}

} // namespace

std::string death_of(int status) {
    if (WIFSIGNALED(status)) {
        return "its worker was killed by " + description_of_signal(WTERMSIG(status));
    }
    switch (const int code = WEXITSTATUS(status)) {
    case exit_lost_descriptors:
        return "it closed the descriptors by which its worker reports";
    case exit_no_room:
        return "it reported more than its worker has room for";
    default:
        return "it ended the process of its worker with status " + std::to_string(code);
    }
}

std::string death_of_own_process(int status) {
    return WIFSIGNALED(status)
               ? "its process was killed by " + description_of_signal(WTERMSIG(status))
               : "it ended its process with status " + std::to_string(WEXITSTATUS(status));
}

std::string death_by_stop(int signal) {
    return "its worker was stopped by " + description_of_signal(signal) + ", and killed";
}

std::string interruption(int signal) {
    return "it was running when the run was stopped by " + os::name_of_signal(signal);
}

std::string lateness(std::chrono::milliseconds limit, const std::string& of) {
    return of + " took longer than its timeout of " + text::seconds_of(limit) + " s";
}

std::string end_of(int status) {
    return WIFSIGNALED(status) ? "it was killed by " + description_of_signal(WTERMSIG(status))
                               : "its status was " + std::to_string(WEXITSTATUS(status));
}

std::string overdue_end(std::chrono::milliseconds limit) {
    return "it took longer than " + text::seconds_of(limit) + " s, and was killed";
}

std::string death_by_timeout(std::chrono::milliseconds limit, const std::string& of) {
    return lateness(limit, of) + ", and its worker was killed";
}

} // namespace isolite::run
