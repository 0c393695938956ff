#include "sandbox/unheard_leak.hpp"

#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace isolite {

namespace {

/// Leaves at once with the status of a failure. The handlers registered after this one have run;
/// the status of `exit` cannot be changed in a gentler way.
void exit_as_failed() {
    std::fflush(nullptr);
    ::_exit(EXIT_FAILURE);
}

} // namespace

void report_unheard(const std::string& text) noexcept {
    std::fprintf(
        stderr,
        "isolite: %s\n  This was found by a destructor: call session::close() to hear of it.\n",
        text.c_str());
    static const int registered = std::atexit(exit_as_failed);
    static_cast<void>(registered);
}

} // namespace isolite
