#include "os/standard_streams.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace isolite::os {

void point_output_to(const descriptor& file) noexcept {
    ::dup2(file.number(), STDOUT_FILENO);
    ::dup2(file.number(), STDERR_FILENO);
}

void point_output_to(const descriptor& file, const file_identity& instead_of) noexcept {
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
        struct stat now {};
        if (::fstat(stream, &now) == 0 && file_identity{now.st_dev, now.st_ino} == instead_of) {
            ::dup2(file.number(), stream);
        }
    }
}

void read_nothing() noexcept {
    ::dup2(descriptor::of_file("/dev/null", O_RDONLY).number(), STDIN_FILENO);
}

void write_nothing() noexcept {
    point_output_to(descriptor::of_file("/dev/null", O_WRONLY));
}

void open_closed_input() noexcept {
    if (::fcntl(STDIN_FILENO, F_GETFD) < 0) {
        ::open("/dev/null", O_RDONLY); // the lowest free descriptor is that of stdin
    }
}

} // namespace isolite::os
