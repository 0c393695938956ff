#include "os/mapped_file.hpp"

#include <sys/mman.h>

namespace isolite::os {

mapped_file::mapped_file(descriptor file, std::uint64_t bytes) noexcept
    : file_(std::move(file)), size_(bytes), start_(nullptr) {
    void* const start = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file_.number(), 0);
    start_ = start == MAP_FAILED ? nullptr : static_cast<const std::byte*>(start);
}

mapped_file::~mapped_file() {
    if (start_ != nullptr) {
        ::munmap(const_cast<std::byte*>(start_), size_);
    }
}

} // namespace isolite::os
