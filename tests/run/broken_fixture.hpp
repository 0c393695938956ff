#pragma once

#include "chaos.hpp"

#include <stdexcept>

/// What the fixtures of the programs *_fixtures do, as the variable FIXTURE says: where they crash,
/// and how; workers_test.py judges.
namespace chaos {

/// Throws, or leaves the program, when FIXTURE says so of `place`, in any process.
inline void fail_in(const std::string& place) {
    if (variable("FIXTURE") == place + " throw") {
        throw std::runtime_error("thrown in " + place);
    }
    if (variable("FIXTURE") == place + " leave") {
        std::exit(0);
    }
}

/// Crashes, when `place` is what FIXTURE begins with, in a worker.
inline void crash_in(const std::string& place) {
    const std::string wanted = variable("FIXTURE");
    if (::getpid() == first_process || wanted.compare(0, place.size() + 1, place + " ") != 0) {
        return;
    }
    const std::string how = wanted.substr(place.size() + 1);
    if (how == "throw" || how == "leave") {
        return;
    }
    std::cout << "crashes in " << place << std::endl;
    if (how == "exit") {
        std::exit(0);
    }
    if (how == "hang") {
        wait_for_ever();
    }
    if (how == "stop") {
        ::kill(::getppid(), SIGTERM);
        wait_for_ever();
    }
    if (how == "usurp") {
        usurp_descriptors();
        return;
    }
    ::kill(::getpid(), how == "once" && isolite::worker::current()->incarnation > 0 ? 0 : SIGKILL);
}

struct broken_data {
    broken_data() {
        crash_in("set-up");
        fail_in("set-up");
    }
    ~broken_data() { crash_in("end"); }
};

struct broken_program {
    broken_program() {
        crash_in("program's set-up");
        fail_in("program's set-up");
    }
    ~broken_program() { crash_in("program's end"); }
};

} // namespace chaos
