#include "sandbox/unheard_leak.hpp"

#include "error/warning.hpp"
#include "worker/process_exit.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace isolite::sandbox {

namespace {

std::atomic<unsigned> failures{0};

/// Leaves with the status of a failure, which cannot be set in a gentler way. It is registered when
/// the library is loaded, so that the handlers of the program run before it.
void exit_as_failed() {
    if (failures > 0) {
        workers::leave_process(EXIT_FAILURE);
    }
}

const int registered = std::atexit(exit_as_failed);

} // namespace

void report_unheard(const std::string& text, const char* why) noexcept {
    warnings::complain(text + "\n  " + why);
    static_cast<void>(registered);
    ++failures;
}

unsigned unheard_failures() noexcept {
    return failures;
}

} // namespace isolite::sandbox
