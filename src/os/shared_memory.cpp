#include "os/shared_memory.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include <sys/mman.h>
#include <sys/resource.h>

namespace isolite::os {

namespace {

constexpr std::size_t least = std::size_t(1) << 20;

/// The part of a limit of memory (`ulimit -v`) that is taken at most.
constexpr rlim_t part_of_limit = 64;

std::size_t within_limits(std::size_t most) {
    struct rlimit limit {};
    const bool is_limited = ::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
    return is_limited ? std::max<std::size_t>(
                            least, std::min<rlim_t>(most, limit.rlim_cur / part_of_limit))
                      : most;
}

} // namespace

result<shared_memory> shared_memory::up_to(std::size_t most) {
    void* mapped = MAP_FAILED;
    std::size_t size = within_limits(most);
    for (;; size /= 2) {
        mapped = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (mapped != MAP_FAILED || size <= least) {
            break;
        }
    }
    if (mapped == MAP_FAILED) {
        return tl::unexpected(error{
            errc::system,
            std::string("start workers: sharing memory with them failed: ") + std::strerror(errno),
            "raise the limit of memory, e.g. with `ulimit -v`, or give --workers=0"});
    }
    ::madvise(mapped, size, MADV_DONTDUMP); // or each core would be as large
    return shared_memory(static_cast<char*>(mapped), size);
}

shared_memory& shared_memory::operator=(shared_memory&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    return *this;
}

void shared_memory::clear() const noexcept {
    ::madvise(bytes_, size_, MADV_REMOVE);
}

void shared_memory::close() noexcept {
    if (bytes_ != nullptr) {
        ::munmap(bytes_, size_);
        bytes_ = nullptr;
    }
}

} // namespace isolite::os
