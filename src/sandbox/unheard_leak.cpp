#include "sandbox/unheard_leak.hpp"

#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace isolite::sandbox {

namespace {

/// Leaves at once with the status of a failure. The handlers registered after this one have run;
/// the status of `exit` cannot be changed in a gentler way.
void exit_as_failed() {
    std::fflush(nullptr);
    ::_exit(EXIT_FAILURE);
}

} // namespace

void report_unheard(const std::string& text, const char* why) noexcept {
    std::fprintf(stderr, "isolite: %s\n  %s\n", text.c_str(), why);
    static const int registered = std::atexit(exit_as_failed);
    static_cast<void>(registered);
}

} // namespace isolite::sandbox
