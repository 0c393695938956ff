#include "os/zeros.hpp"

#include <algorithm>
#include <new>

#include <sys/mman.h>

namespace isolite::os {

std::shared_ptr<std::byte> zeros(std::size_t count) {
    const std::size_t size = std::max<std::size_t>(count, 1);
    void* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        throw std::bad_alloc();
    }
    return {static_cast<std::byte*>(memory), [size](std::byte* each) { ::munmap(each, size); }};
}

} // namespace isolite::os
