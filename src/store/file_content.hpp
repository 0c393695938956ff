#pragma once

#include "store/image.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>

namespace isolite::store {

/// The bytes of a file, most of which are those of an image that others have, too.
struct file_content {
    using page_bytes = std::array<std::byte, page_size>;

    std::uint64_t size = 0;
    std::shared_ptr<const image> base;       ///< Null: zeros.
    std::size_t base_pages = 0;              ///< What lies behind them in the image does not count.
    std::map<std::size_t, page_bytes> pages; ///< Those that are not as in the image, by number.

    [[nodiscard]] std::size_t count_pages() const noexcept {
        return static_cast<std::size_t>((size + page_size - 1) / page_size);
    }

    /// Returns the bytes of a page, null where it is all zeros.
    [[nodiscard]] const std::byte* page(std::size_t number) const noexcept {
        if (const auto own = pages.find(number); own != pages.end()) {
            return own->second.data();
        }
        return is_of_base(number) ? base->page(number) : nullptr;
    }

    /// Returns where the pages end that lie behind `first` as they do in the image: `first` itself
    /// if it is none of them.
    [[nodiscard]] std::size_t end_of_base(std::size_t first) const noexcept {
        const auto own = pages.lower_bound(first);
        const std::size_t end =
            std::min(own == pages.end() ? count_pages() : own->first, count_pages());
        std::size_t number = first;
        while (number < end && is_of_base(number)) {
            ++number;
        }
        return number;
    }

    /// Writes bytes, and what is missing in front of them, which are zeros.
    void write(std::uint64_t offset, const std::byte* from, std::size_t count) {
        size = std::max(size, offset + count);
        while (count > 0) {
            const auto number = static_cast<std::size_t>(offset / page_size);
            const std::size_t start = offset % page_size;
            const std::size_t part = std::min(page_size - start, count);
            const auto [own, is_new] = pages.try_emplace(number);
            if (is_new && is_of_base(number)) {
                std::memcpy(own->second.data(), base->page(number), page_size);
            }
            std::memcpy(own->second.data() + start, from, part);
            offset += part;
            from += part;
            count -= part;
        }
    }

    /// Cuts what lies behind.
    void cut(std::uint64_t bytes) {
        size = std::min(size, bytes);
        pages.erase(pages.lower_bound(count_pages()), pages.end());
    }

    [[nodiscard]] bool operator==(const file_content& other) const {
        return size == other.size && base == other.base && base_pages == other.base_pages &&
               pages == other.pages;
    }

  private:
    [[nodiscard]] bool is_of_base(std::size_t number) const noexcept {
        return number < base_pages && base->known(number) == number;
    }
};

} // namespace isolite::store
