#include "store/layered_file.hpp"

#include "os/zeros.hpp"

#include <algorithm>
#include <utility>

namespace isolite::store {

namespace {

/// Copies at most a page. Compilers that know the bound copy by a string instruction, which takes
/// long to start.
[[gnu::noinline]] void copy_many(std::byte* to, const std::byte* from, std::size_t count) noexcept {
    std::memcpy(to, from, count);
}

void copy_bytes(std::byte* to, const std::byte* from, std::size_t count) noexcept {
    if (count == 4) { // most writes to a journal
        std::memcpy(to, from, 4);
    } else {
        copy_many(to, from, count);
    }
}

std::size_t pages_of(std::uint64_t size) {
    return static_cast<std::size_t>((size + page_size - 1) / page_size);
}

} // namespace

layered_file::layered_file(std::shared_ptr<const image> base) : base_(std::move(base)) {
    if (!base_) {
        return;
    }
    size_ = base_->size();
    image_pages_ = base_->pages();
    pages_.resize(image_pages_);
}

std::size_t layered_file::read(std::uint64_t offset, std::byte* to,
                               std::size_t count) const noexcept {
    const std::size_t available =
        offset >= size_ ? 0
                        : static_cast<std::size_t>(std::min<std::uint64_t>(count, size_ - offset));
    for (std::size_t done = 0; done < available;) {
        const std::size_t start = static_cast<std::size_t>((offset + done) % page_size);
        const std::size_t part = std::min(page_size - start, available - done);
        const auto number = static_cast<std::size_t>((offset + done) / page_size);
        if (const std::byte* const source = bytes_of(number, pages_[number])) {
            copy_bytes(to + done, source + start, part);
        } else {
            std::memset(to + done, 0, part);
        }
        done += part;
    }
    if (available < count) { // `to` may be null when nothing is wanted
        std::memset(to + available, 0, count - available);
    }
    return available;
}

void layered_file::write(std::uint64_t offset, const std::byte* from, std::size_t count) {
    if (offset > size_) {
        truncate(offset);
    }
    extend(pages_of(offset + count));
    while (count > 0) {
        const auto number = static_cast<std::size_t>(offset / page_size);
        const auto start = static_cast<std::size_t>(offset % page_size);
        const std::size_t part = std::min(page_size - start, count);
        copy_bytes(own(number, part == page_size) + start, from, part);
        offset += part;
        from += part;
        count -= part;
        size_ = std::max(size_, offset);
    }
}

void layered_file::truncate(std::uint64_t size) {
    if (size > size_) {
        clear_tail();
    }
    const std::size_t kept = pages_of(size);
    extend(kept);
    const auto walked = [this](std::size_t number) {
        return depth_ > 0 ? known(number) : pages_.known(number);
    };
    for (std::size_t number = walked(kept); number < pages_of(size_); number = walked(number + 1)) {
        if (bytes_of(number, pages_[number])) {
            clear(number);
        }
    }
    if (size < size_ && size % page_size != 0) {
        std::byte* last = own(kept - 1, false);
        std::memset(last + size % page_size, 0, page_size - size % page_size);
    }
    if (depth_ == 0) {
        cut(kept);
    }
    size_ = size;
}

void layered_file::prepare_checkpoint(std::size_t count) {
    if (layers_.size() == depth_) {
        layers_.emplace_back();
    }
    const std::size_t end = pages_of(size_ + count);
    const auto first = static_cast<std::size_t>(size_ / page_size);
    const std::size_t written = end - first;
    pages_.reserve(first, end);
    pool_.reserve(written);
    if (depth_ > 0) {
        auto& undo = layers_[depth_ - 1].undo;
        undo.reserve(undo.size() + written);
    }
}

void layered_file::checkpoint() {
    clear_tail(); // pages are compared whole
    prepare_checkpoint(0);
    put_checkpoint();
}

void layered_file::put_checkpoint() noexcept {
    layer& top = layers_[depth_++];
    top.size = size_;
    top.pages = pages_.size();
}

void layered_file::discard() noexcept {
    layer& top = layers_[depth_ - 1];
    // Backwards, because a page may be listed twice after an allocation failed.
    for (auto entry = top.undo.rbegin(); entry != top.undo.rend(); ++entry) {
        page& current = pages_.at(entry->number);
        release(current);
        current = entry->before;
    }
    top.undo.clear();
    pages_.resize(top.pages);
    size_ = top.size;
    --depth_;
}

void layered_file::merge() {
    layer& top = layers_[depth_ - 1];
    const std::uint32_t below = depth_ - 1;
    if (below > 0) {
        layers_[below - 1].undo.reserve(layers_[below - 1].undo.size() + top.undo.size());
    }
    for (const saved_page& entry : top.undo) {
        page& current = pages_.at(entry.number);
        if (!is_of_top(current)) {
            continue; // listed twice, and done already
        }
        current.layer = below;
        if (!entry.before.written || entry.before.layer != below) {
            if (below > 0) {
                layers_[below - 1].undo.push_back(entry);
            }
        } else if (entry.before.bytes) {
            pool_.give_back(entry.before.bytes);
        }
    }
    top.undo.clear();
    --depth_;
    if (depth_ == 0) {
        cut(pages_of(size_));
    }
}

std::shared_ptr<const image> layered_file::freeze() const {
    return frozen(size_, nullptr);
}

std::shared_ptr<const image> layered_file::freeze_checkpoint() const {
    const layer& top = layers_[depth_ - 1];
    return frozen(top.size, &top.undo);
}

std::shared_ptr<const image> layered_file::frozen(std::uint64_t size,
                                                  const std::vector<saved_page>* undo) const {
    const std::size_t pages = pages_of(size);
    const std::shared_ptr<std::byte> bytes = os::zeros(pages * page_size);
    std::vector<image::hole> holes;
    for (std::size_t number = 0; number < pages; ++number) {
        if (const std::size_t next = std::min(known(number), pages); next > number) {
            holes.push_back({number, next});
            number = next;
        }
        const std::uint64_t offset = std::uint64_t{number} * page_size;
        if (number < pages && offset < size_ && page_at(number)) {
            read(offset, bytes.get() + offset, page_size);
        }
    }
    // Backwards, as in a discard.
    for (std::size_t i = undo ? undo->size() : 0; i-- > 0;) {
        const saved_page& entry = (*undo)[i];
        if (entry.number < pages) {
            std::byte* const to = bytes.get() + entry.number * page_size;
            if (const std::byte* const before = bytes_of(entry.number, entry.before)) {
                std::memcpy(to, before, page_size);
            } else {
                std::memset(to, 0, page_size);
            }
        }
    }
    std::memset(bytes.get() + size, 0, static_cast<std::size_t>(pages * page_size - size));
    return std::make_shared<const image>(bytes.get(), size, bytes, std::move(holes));
}

file_content layered_file::content_of_checkpoint() const {
    const layer& top = layers_[depth_ - 1];
    file_content content{top.size, base_, std::min(image_pages_, top.pages), {}};
    const auto note = [&](std::size_t number, const page& found) {
        content.pages.erase(number);
        if (!found.written) {
            return;
        }
        static constexpr file_content::page_bytes zeros{};
        const std::byte* const bytes = found.bytes ? found.bytes : zeros.data();
        const std::byte* const image = content.page(number);
        if (std::memcmp(bytes, image ? image : zeros.data(), page_size) != 0) {
            std::memcpy(content.pages[number].data(), bytes, page_size);
        }
    };
    const std::size_t end = content.count_pages();
    for (std::size_t number = pages_.known(0); number < end; number = pages_.known(number + 1)) {
        if (!is_of_top(pages_[number])) {
            note(number, pages_[number]);
        }
    }
    for (auto entry = top.undo.rbegin(); entry != top.undo.rend(); ++entry) { // as in a discard
        if (entry->number < end) {
            note(entry->number, entry->before);
        }
    }
    return content;
}

std::byte* layered_file::own(std::size_t number, bool overwritten) {
    page& current = pages_.at(number);
    return current.bytes && is_of_top(current) ? current.bytes : copy(number, current, overwritten);
}

std::byte* layered_file::copy(std::size_t number, page& current, bool overwritten) {
    remember(number);
    std::byte* fresh = pool_.take();
    const std::byte* const before = bytes_of(number, current);
    if (!overwritten && before) {
        copy_bytes(fresh, before, page_size);
    } else if (!overwritten && depth_ > 0) {
        std::memset(fresh, 0, page_size);
    } else if (!overwritten) {
        // What lies behind the end of a file without layers, a journal for instance, is cleared
        // when the end moves over it.
        const std::uint64_t start = std::uint64_t{number} * page_size;
        std::memset(fresh, 0,
                    static_cast<std::size_t>(
                        std::clamp<std::uint64_t>(size_, start, start + page_size) - start));
    }
    current = {fresh, depth_, true};
    return fresh;
}

void layered_file::extend(std::size_t pages) {
    if (pages > pages_.size()) {
        pages_.resize(pages);
    }
}

void layered_file::cut(std::size_t pages) {
    image_pages_ = std::min(image_pages_, pages);
    pages_.resize(pages);
}

void layered_file::clear_tail() {
    const auto start = static_cast<std::size_t>(size_ % page_size);
    const auto last = static_cast<std::size_t>(size_ / page_size);
    if (start != 0 && depth_ == 0 && is_of_top(pages_[last]) && pages_[last].bytes) {
        std::memset(pages_[last].bytes + start, 0, page_size - start);
    }
}

void layered_file::clear(std::size_t number) {
    page& current = pages_.at(number);
    remember(number);
    release(current);
    current = {nullptr, depth_, true};
}

void layered_file::remember(std::size_t number) {
    const page& current = pages_[number];
    if (depth_ > 0 && !is_of_top(current)) {
        layers_[depth_ - 1].undo.push_back({number, current});
    }
}

void layered_file::release(const page& released) noexcept {
    if (released.bytes && is_of_top(released)) {
        pool_.give_back(released.bytes);
    }
}

} // namespace isolite::store
