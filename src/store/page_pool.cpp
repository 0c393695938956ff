#include "store/page_pool.hpp"

#include <algorithm>

namespace isolite::store {

void page_pool::grow() {
    // Journals need a page or two, databases thousands: each block doubles the pool up to 1 MiB.
    const std::size_t count = std::clamp<std::size_t>(pages_, 1, 256);
    free_.reserve(pages_ + count);
    blocks_.reserve(blocks_.size() + 1);
    blocks_.push_back(std::unique_ptr<std::byte[]>(new std::byte[count * page_size]));
    pages_ += count;
    for (std::size_t i = count; i-- > 0;) {
        free_.push_back(blocks_.back().get() + i * page_size);
    }
}

} // namespace isolite::store
