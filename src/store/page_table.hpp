#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace isolite::store {

/// What a file knows of each of its pages. Memory is taken for the parts that are written only, so
/// that opening a large image costs nothing for the pages that nobody touches.
class page_table {
  public:
    struct entry {
        std::byte* bytes = nullptr; ///< Null: all zeros.
        std::uint32_t layer = 0;    ///< The depth at which it was written.
        bool written = false;       ///< Otherwise the page is that of the image, if there is one.
    };

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Adds pages that were not written, or forgets those behind the new end.
    /// Errors: throws `std::bad_alloc` when it grows.
    void resize(std::size_t size) {
        reserve_parts(size);
        for (std::size_t number = known(size); number < size_; number = known(number + 1)) {
            at(number) = {};
        }
        size_ = size;
    }

    /// Takes the memory for writing the pages from `first` to before `end`: that cannot fail then.
    /// Errors: throws `std::bad_alloc`.
    void reserve(std::size_t first, std::size_t end) {
        reserve_parts(end);
        for (std::size_t number = first; number < end;
             number = (number / part_size + 1) * part_size) {
            make(number);
        }
    }

    /// Returns the first page from `number` on of which anything may be known, so that whoever
    /// walks the pages leaves out the parts that were never written.
    [[nodiscard]] std::size_t known(std::size_t number) const noexcept {
        while (number / part_size < parts_.size() && !parts_[number / part_size]) {
            number = (number / part_size + 1) * part_size;
        }
        return number;
    }

    [[nodiscard]] const entry& operator[](std::size_t number) const noexcept {
        static constexpr entry unwritten;
        const auto& part = parts_[number / part_size];
        return part ? (*part)[number % part_size] : unwritten;
    }

    /// Returns an entry for writing. Errors: throws `std::bad_alloc`, but not for one that was
    /// asked for before.
    [[nodiscard]] entry& at(std::size_t number) {
        make(number);
        return (*parts_[number / part_size])[number % part_size];
    }

  private:
    static constexpr std::size_t part_size = 256; // of 4 KiB each
    using part = std::array<entry, part_size>;

    void reserve_parts(std::size_t pages) {
        const std::size_t needed = (pages + part_size - 1) / part_size;
        if (needed > parts_.size()) {
            parts_.resize(needed);
        }
    }
    void make(std::size_t number) {
        auto& part = parts_[number / part_size];
        if (!part) {
            part = std::make_unique<page_table::part>();
        }
    }

    std::vector<std::unique_ptr<part>> parts_;
    std::size_t size_ = 0;
};

} // namespace isolite::store
