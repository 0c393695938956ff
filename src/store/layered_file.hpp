#pragma once

#include "store/file_content.hpp"
#include "store/image.hpp"
#include "store/page_pool.hpp"
#include "store/page_table.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace isolite::store {

/// The bytes of one file: an immutable image underneath, private copies of the pages written since,
/// and a stack of layers, each of which can be discarded in time proportional to the pages it
/// touched. Knows nothing of SQLite.
/// Threads: none of its own; `store` guards it.
class layered_file {
  public:
    /// A page that the uppermost layer has written, before and now.
    /// Either pointer is null where the page is all zeros or not part of the file.
    struct touched_page {
        std::size_t number;
        const std::byte* before;
        const std::byte* now;
    };

    explicit layered_file(std::shared_ptr<const image> base = nullptr);

    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

    /// Copies up to `count` bytes from `offset` and fills the rest with zeros.
    /// Returns how many of them lie within the file.
    std::size_t read(std::uint64_t offset, std::byte* to, std::size_t count) const noexcept;

    /// Returns the bytes of a page, null where it is all zeros. Requires: it is part of the file.
    [[nodiscard]] const std::byte* page_at(std::size_t number) const noexcept {
        return bytes_of(number, pages_[number]);
    }

    /// Writes `count` bytes at `offset`; a gap before them reads as zeros.
    /// Errors: throws `std::bad_alloc`; each page is then either written or as it was.
    void write(std::uint64_t offset, const std::byte* from, std::size_t count);

    /// Cuts or extends the file. Errors: throws `std::bad_alloc`.
    void truncate(std::uint64_t size);

    /// Puts a new layer on top: what is written from now on can be discarded.
    /// Errors: throws `std::bad_alloc`.
    void checkpoint();

    /// Takes the memory for a checkpoint, and for writing up to `count` bytes at the present end
    /// once the layer is discarded: neither fails then. Errors: throws `std::bad_alloc`.
    void prepare_checkpoint(std::size_t count);

    /// Does what is left of a checkpoint. Requires: it was prepared, or a layer was discarded.
    void put_checkpoint() noexcept;

    /// Drops the uppermost layer and restores the file as it was at its checkpoint.
    /// Requires: `depth() > 0`.
    void discard() noexcept;

    /// Makes what the uppermost layer wrote part of the content below it, and ends the layer.
    /// Requires: `depth() > 0`. Errors: throws `std::bad_alloc`; nothing is changed then.
    void merge();

    /// Returns the number of layers.
    [[nodiscard]] std::size_t depth() const noexcept { return depth_; }

    /// Says whether anything was written or cut since the last checkpoint, equal or not.
    [[nodiscard]] bool touched() const noexcept {
        return !layers_[depth_ - 1].undo.empty() || size_ != layers_[depth_ - 1].size;
    }

    /// Returns how many pages were written since the last checkpoint, equal or not.
    [[nodiscard]] std::size_t touched_pages() const noexcept {
        return layers_[depth_ - 1].undo.size();
    }

    /// Returns the size of the file at the last checkpoint. Requires: `depth() > 0`.
    [[nodiscard]] std::uint64_t checkpoint_size() const noexcept {
        return layers_[depth_ - 1].size;
    }

    /// Calls `visit(touched_page)` for each page touched since the last checkpoint.
    /// Requires: `depth() > 0`.
    template <typename Visitor>
    void for_each_touched(Visitor visit) const {
        for (const saved_page& entry : layers_[depth_ - 1].undo) {
            visit(touched_page{entry.number, bytes_of(entry.number, entry.before),
                               bytes_of(entry.number, pages_[entry.number])});
        }
    }

    /// Returns the whole content as an image for other stores.
    [[nodiscard]] std::shared_ptr<const image> freeze() const;

    /// Returns the content at the last checkpoint. Requires: `depth() > 0`.
    [[nodiscard]] std::shared_ptr<const image> freeze_checkpoint() const;

    /// Returns the same without copying what the image has. Requires: as above.
    [[nodiscard]] file_content content_of_checkpoint() const;

  private:
    using page = page_table::entry;

    struct saved_page {
        std::size_t number;
        page before;
    };
    struct layer {
        std::uint64_t size = 0;
        std::size_t pages = 0;
        std::vector<saved_page> undo;
    };

    /// Makes page `number` belong to the uppermost layer, for writing, and returns its bytes.
    std::byte* own(std::size_t number, bool overwritten);
    std::byte* copy(std::size_t number, page& current, bool overwritten);
    [[nodiscard]] bool is_of_top(const page& page) const noexcept {
        return page.written && page.layer == depth_;
    }
    /// Returns the bytes of a page in a given state, null where it is all zeros.
    [[nodiscard]] const std::byte* bytes_of(std::size_t number, const page& page) const noexcept {
        if (page.written) {
            return page.bytes;
        }
        return number < image_pages_ ? base_->page(number) : nullptr;
    }
    /// Returns the first page from `number` on that may be something else than zeros.
    [[nodiscard]] std::size_t known(std::size_t number) const noexcept {
        const std::size_t written = pages_.known(number);
        return number < image_pages_ ? std::min(base_->known(number), written) : written;
    }
    [[nodiscard]] std::shared_ptr<const image> frozen(std::uint64_t size,
                                                      const std::vector<saved_page>* undo) const;
    void extend(std::size_t pages);
    /// Forgets the pages behind the end of a file without layers.
    void cut(std::size_t pages);
    void clear(std::size_t number);
    /// Clears what lies behind the end of the file in its last page.
    void clear_tail();
    void remember(std::size_t number);
    void release(const page& released) noexcept;

    std::shared_ptr<const image> base_;
    page_pool pool_;
    std::size_t image_pages_ = 0; // behind them the image is of no account any more
    page_table pages_;            // may be longer than the file inside a layer that cut it
    std::vector<layer> layers_;
    std::uint32_t depth_ = 0; // layers_ beyond it are kept for the memory of their lists
    std::uint64_t size_ = 0;
};

} // namespace isolite::store
