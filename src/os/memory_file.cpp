#include "os/memory_file.hpp"

#include <algorithm>

#include <sys/mman.h>
#include <sys/resource.h>

namespace isolite::os {

int lowest_of_memory_files() noexcept {
    constexpr rlim_t high = 512; // and far below the limit
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0
               ? static_cast<int>(std::min(high, limit.rlim_cur / 2))
               : 0;
}

descriptor memory_file(const char* name) noexcept {
    descriptor low(::memfd_create(name, MFD_CLOEXEC));
    if (!low) {
        return low;
    }
    descriptor high(::fcntl(low.number(), F_DUPFD_CLOEXEC, lowest_of_memory_files()));
    return high ? std::move(high) : std::move(low);
}

} // namespace isolite::os
