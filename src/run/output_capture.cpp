#include "run/output_capture.hpp"

#include "text/long_text.hpp"

#include <cstdio>
#include <iostream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace isolite::run {

namespace {

std::string part(int file, off_t begin, off_t size) {
    std::string bytes(static_cast<std::size_t>(size), '\0');
    const ssize_t got = ::pread(file, bytes.data(), bytes.size(), begin);
    bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return bytes;
}

/// A stream that failed, because a test closed its descriptor, works again.
void revive_streams() {
    std::clearerr(stdout);
    std::cout.clear();
    std::cerr.clear();
    std::clog.clear();
}

} // namespace

result<output_capture> output_capture::open() {
    return os::high_descriptor::open("isolite-output").map([](os::high_descriptor file) {
        return output_capture(std::move(file));
    });
}

void output_capture::clear() const noexcept {
    if (file_.is_open()) {
        static_cast<void>(::ftruncate(file_.number(), 0) == 0);
    }
}

void output_capture::begin() const noexcept {
    if (!file_.is_open()) {
        return; // the next report of the worker fails, too, and ends it
    }
    ::dup2(file_.number(), STDOUT_FILENO);
    ::dup2(file_.number(), STDERR_FILENO);
    if (::fcntl(STDIN_FILENO, F_GETFD) < 0) {
        ::open("/dev/null", O_RDONLY); // the lowest free descriptor is that of stdin
    }
    revive_streams();
    flush(); // what could not be written before goes as well
    clear();
}

void output_capture::flush() noexcept {
    std::cout.flush();
    std::cerr.flush();
    std::clog.flush();
    std::fflush(stdout);
}

std::string output_capture::text() const {
    struct stat status {};
    if (!file_.is_open() || ::fstat(file_.number(), &status) != 0) {
        return {};
    }
    constexpr auto end = static_cast<off_t>(text::most_of_an_end);
    const off_t left_out = status.st_size - 2 * end;
    if (left_out <= 0) {
        return part(file_.number(), 0, status.st_size);
    }
    return part(file_.number(), 0, end) + "\n" +
           text::note_of_gap(static_cast<std::size_t>(left_out)) + "\n" +
           part(file_.number(), status.st_size - end, end);
}

} // namespace isolite::run
