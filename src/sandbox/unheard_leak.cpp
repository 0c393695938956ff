#include "sandbox/unheard_leak.hpp"

#include "error/warning.hpp"
#include "os/own_process.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace isolite::sandbox {

namespace {

std::atomic<bool> has_failed{false};

/// Leaves with the status of a failure, which cannot be set in a gentler way. It is registered when
/// the library is loaded, so that the handlers of the program run before it.
void exit_as_failed() {
    if (has_failed) {
        std::fflush(nullptr);
        os::end_at_once(EXIT_FAILURE);
    }
}

const int registered = std::atexit(exit_as_failed);

} // namespace

void report_unheard(const std::string& text, const char* why) noexcept {
    complain(text + "\n  " + why);
    static_cast<void>(registered);
    has_failed = true;
}

} // namespace isolite::sandbox
