#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace isolite::store {

/// The unit of copying and sharing of a store, independent of the page size of the database in it.
/// 4096 is SQLite's default page size, so that one page of the database is one page of the store.
inline constexpr std::size_t page_size = 4096;

/// The finished bytes of a database: immutable and shared by every store that is opened on it.
class image {
  public:
    /// Pages that are all zeros: reading them would cost memory.
    struct hole {
        std::size_t first;
        std::size_t end;
    };

    /// Takes the bytes of a database file.
    explicit image(std::vector<std::byte> bytes) : size_(bytes.size()) {
        bytes.resize(pages() * page_size);
        auto kept = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
        bytes_ = kept->data();
        keeper_ = std::move(kept);
    }

    /// Refers to the `size` bytes of a database file that `keeper` keeps.
    /// Requires: zeros behind them up to a whole page.
    image(const std::byte* bytes, std::uint64_t size, std::shared_ptr<const void> keeper,
          std::vector<hole> holes = {}) noexcept
        : size_(size), bytes_(bytes), keeper_(std::move(keeper)), holes_(std::move(holes)) {}

    /// Returns the length of the database file in bytes.
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

    /// Returns the number of pages, the last of which may be a part of a page in the file.
    [[nodiscard]] std::size_t pages() const noexcept { return (size_ + page_size - 1) / page_size; }

    /// Returns the `page_size` bytes of page `number`; beyond the end of the file they are zero.
    [[nodiscard]] const std::byte* page(std::size_t number) const noexcept {
        return bytes_ + number * page_size;
    }

    /// Returns the first page from `number` on that is in no hole.
    [[nodiscard]] std::size_t known(std::size_t number) const noexcept {
        for (const hole& each : holes_) {
            number = number >= each.first && number < each.end ? each.end : number;
        }
        return number;
    }

  private:
    std::uint64_t size_;
    const std::byte* bytes_;             // padded with zeros to whole pages
    std::shared_ptr<const void> keeper_; // of the memory that they lie in
    std::vector<hole> holes_;            // in their order
};

} // namespace isolite::store
