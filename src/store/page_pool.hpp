#pragma once

#include "store/image.hpp"

#include <algorithm>
#include <memory>
#include <vector>

namespace isolite::store {

/// Hands out pages of memory and takes them back, so that a test's writes cost no `malloc`.
/// The memory goes back to the system with the pool: it never holds more than the most pages that
/// were in use at once, rounded up to the last block.
class page_pool {
  public:
    /// Returns an uninitialised page. Errors: throws `std::bad_alloc`.
    [[nodiscard]] std::byte* take() {
        if (free_.empty()) {
            grow();
        }
        std::byte* page = free_.back();
        free_.pop_back();
        return page;
    }

    /// Makes the next `count` calls of `take` succeed. Errors: throws `std::bad_alloc`.
    void reserve(std::size_t count) {
        while (free_.size() < count) {
            grow();
        }
    }

    /// Takes back a page that `take` returned.
    void give_back(std::byte* page) noexcept { free_.push_back(page); }

  private:
    void grow() {
        // Journals need a page or two, databases thousands: each block doubles the pool up to 1
        // MiB.
        const std::size_t count = std::clamp<std::size_t>(pages_, 1, 256);
        free_.reserve(pages_ + count);
        blocks_.reserve(blocks_.size() + 1);
        blocks_.push_back(std::unique_ptr<std::byte[]>(new std::byte[count * page_size]));
        pages_ += count;
        for (std::size_t i = count; i-- > 0;) {
            free_.push_back(blocks_.back().get() + i * page_size);
        }
    }

    std::vector<std::unique_ptr<std::byte[]>> blocks_;
    std::vector<std::byte*> free_; // has room for every page, so that giving back never allocates
    std::size_t pages_ = 0;
};

} // namespace isolite::store
