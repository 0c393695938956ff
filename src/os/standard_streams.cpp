#include "os/standard_streams.hpp"

#include <unistd.h>

namespace isolite::os {

void point_output_to(const descriptor& file) noexcept {
    ::dup2(file.number(), STDOUT_FILENO);
    ::dup2(file.number(), STDERR_FILENO);
}

void open_closed_input() noexcept {
    if (::fcntl(STDIN_FILENO, F_GETFD) < 0) {
        ::open("/dev/null", O_RDONLY); // the lowest free descriptor is that of stdin
    }
}

} // namespace isolite::os
