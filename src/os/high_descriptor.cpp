#include "os/high_descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

namespace isolite::os {

namespace {

/// Returns the number from which on descriptors are taken: high, but far below the limit.
int lowest_number() {
    constexpr rlim_t high = 512;
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0
               ? static_cast<int>(std::min(high, limit.rlim_cur / 2))
               : 0;
}

} // namespace

result<high_descriptor> high_descriptor::open(const char* purpose) {
    const int low = ::memfd_create(purpose, MFD_CLOEXEC);
    const int high = low < 0 ? -1 : ::fcntl(low, F_DUPFD_CLOEXEC, lowest_number());
    const int failure = errno;
    if (low >= 0) {
        ::close(low);
    }
    if (high < 0 || ::fcntl(high, F_SETFL, O_APPEND) != 0) {
        return tl::unexpected(error{
            errc::system,
            std::string("start workers: making a file in memory failed: ") + std::strerror(failure),
            "raise the limit of open files, e.g. with `ulimit -n`, or give --workers=0"});
    }
    struct stat file {};
    ::fstat(high, &file);
    return high_descriptor(high, file);
}

high_descriptor::high_descriptor(int number, const struct stat& file)
    : number_(number), device_(file.st_dev), file_(file.st_ino) {}

bool high_descriptor::is_open() const {
    struct stat file {};
    return ::fstat(number_, &file) == 0 && file.st_dev == device_ && file.st_ino == file_;
}

high_descriptor::high_descriptor(high_descriptor&& other) noexcept
    : number_(std::exchange(other.number_, -1)), device_(other.device_), file_(other.file_) {}

high_descriptor& high_descriptor::operator=(high_descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    std::swap(device_, other.device_);
    std::swap(file_, other.file_);
    return *this;
}

high_descriptor::~high_descriptor() {
    if (number_ >= 0) {
        ::close(number_);
    }
}

} // namespace isolite::os
