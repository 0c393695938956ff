#include "demand.hpp"
#include "store/layered_file.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <utility>
#include <vector>

// The pages and layers of a file, against the whole bytes of the file and a copy for each layer.

using namespace isolite::store;
using isolite::fuzzing::demand;

namespace {

using bytes = std::vector<std::byte>;

constexpr std::size_t most_pages = 12;
constexpr std::uint32_t most_layers = 4;

/// Returns a place that is often near the begin of a page.
std::size_t any_place(FuzzedDataProvider& choices) {
    const std::size_t start =
        choices.ConsumeIntegralInRange<std::size_t>(0, most_pages) * page_size;
    const auto kind = choices.ConsumeIntegral<std::uint8_t>();
    return kind < 128   ? start
           : kind < 160 ? start + kind - 127
           : kind < 192 ? start + page_size - (kind - 159)
                        : start + choices.ConsumeIntegralInRange<std::size_t>(0, page_size - 1);
}

/// Returns bytes of which no two pages are alike, or zeros.
bytes any_bytes(FuzzedDataProvider& choices, std::size_t count) {
    static const bytes pattern = [] {
        bytes made(256 + (most_pages + 3) * (page_size + 1));
        for (std::size_t i = 0; i < made.size(); ++i) {
            made[i] = static_cast<std::byte>(i % 251 + i / 251 % 3);
        }
        return made;
    }();
    const auto first = choices.ConsumeIntegral<std::uint8_t>();
    const auto from = pattern.begin() + first;
    return first == 0 ? bytes(count) : bytes(from, from + static_cast<std::ptrdiff_t>(count));
}

/// Returns an image, or none, with a hole where it is zeros.
std::shared_ptr<const image> any_image(FuzzedDataProvider& choices, bytes& content) {
    if (choices.ConsumeBool()) {
        return nullptr;
    }
    content = any_bytes(choices, any_place(choices));
    auto kept = std::make_shared<bytes>(content);
    kept->resize((content.size() + page_size - 1) / page_size * page_size);
    const std::size_t pages = kept->size() / page_size;
    const auto first = choices.ConsumeIntegralInRange<std::size_t>(0, pages);
    const auto end = choices.ConsumeIntegralInRange<std::size_t>(first, pages);
    std::fill(kept->begin() + static_cast<std::ptrdiff_t>(first * page_size),
              kept->begin() + static_cast<std::ptrdiff_t>(end * page_size), std::byte(0));
    std::copy_n(kept->begin(), content.size(), content.begin());
    std::vector<image::hole> holes;
    if (end > first) {
        holes.push_back({first, end});
    }
    return std::make_shared<const image>(kept->data(), content.size(), kept, std::move(holes));
}

/// A file and what it is to be.
class file_and_model {
  public:
    explicit file_and_model(FuzzedDataProvider& choices)
        : choices_(choices), file_(any_image(choices, now_)) {}

    void step() {
        switch (choices_.ConsumeIntegralInRange<int>(0, 13)) {
        case 0:
            return truncate();
        case 1:
        case 2:
            return file_.depth() < most_layers ? checkpoint() : discard();
        case 3:
            return discard();
        case 4:
            return rewind();
        case 5:
            return merge();
        case 6:
            return file_.prepare_checkpoint(any_place(choices_));
        case 7:
            return check_read();
        case 8:
            return check_images();
        case 9:
            return check_touched();
        default:
            return write();
        }
    }

    void end() {
        check_all();
        while (file_.depth() > 0) {
            check_images();
            check_touched();
            discard();
            check_all();
        }
    }

  private:
    void write() {
        const std::size_t offset = any_place(choices_);
        const std::size_t count =
            choices_.ConsumeBool() ? 4
                                   : choices_.ConsumeIntegralInRange<std::size_t>(0, 3 * page_size);
        const bytes written = any_bytes(choices_, count);
        file_.write(offset, written.data(), count);
        if (offset + count > now_.size() && count > 0) {
            now_.resize(offset + count);
        } else if (offset > now_.size()) {
            now_.resize(offset);
        }
        std::copy(written.begin(), written.end(),
                  now_.begin() + static_cast<std::ptrdiff_t>(offset));
        check_size();
    }

    void truncate() {
        const std::size_t size = any_place(choices_);
        file_.truncate(size);
        now_.resize(size);
        check_size();
    }

    void checkpoint() {
        file_.checkpoint();
        before_.push_back(now_);
        demand(!file_.touched() && file_.touched_pages() == 0, "a new layer is clean");
    }

    void discard() {
        if (file_.depth() > 0) {
            file_.discard();
            now_ = std::move(before_.back());
            before_.pop_back();
            check_size();
        }
    }

    void rewind() {
        if (file_.depth() > 0) {
            file_.discard();
            file_.put_checkpoint();
            now_ = before_.back();
            check_size();
        }
    }

    void merge() {
        if (file_.depth() > 0) {
            file_.merge();
            before_.pop_back();
            check_size();
        }
    }

    void check_size() const {
        demand(file_.size() == now_.size(), "the file is as long as was written");
        demand(file_.depth() == before_.size(), "there are as many layers as checkpoints");
    }

    void check_read() const {
        const std::size_t offset = any_place(choices_);
        bytes found(choices_.ConsumeIntegralInRange<std::size_t>(0, 3 * page_size), std::byte(1));
        bytes expected(found.size());
        const std::size_t there = offset < now_.size() ? now_.size() - offset : 0;
        const std::size_t part = std::min(there, expected.size());
        std::copy_n(now_.data() + (part > 0 ? offset : 0), part, expected.data());
        demand(file_.read(offset, found.data(), found.size()) == part,
               "a read tells how much lies within the file");
        demand(found == expected, "a read gives what was written, and zeros behind it");
    }

    void check_all() const {
        bytes found(now_.size());
        file_.read(0, found.data(), found.size());
        demand(found == now_, "the whole file is what was written");
    }

    static void check_image(const image& frozen, const bytes& expected) {
        demand(frozen.size() == expected.size(), "an image is as long as the file");
        const bytes found(frozen.page(0), frozen.page(0) + frozen.pages() * page_size);
        bytes whole = expected;
        whole.resize(found.size());
        demand(found == whole, "an image has the bytes of the file, and zeros up to a page");
        for (std::size_t number = 0; number < frozen.pages(); ++number) {
            demand(frozen.known(number) == number || is_zero(frozen.page(number)),
                   "a hole of an image is zeros");
        }
    }

    void check_images() const {
        check_image(*file_.freeze(), now_);
        if (file_.depth() > 0) {
            check_image(*file_.freeze_checkpoint(), before_.back());
            check_content(file_.content_of_checkpoint(), before_.back());
        }
    }

    static void check_content(const file_content& content, bytes expected) {
        demand(content.size == expected.size(), "a content is as long as the file");
        expected.resize(content.count_pages() * page_size);
        for (std::size_t number = 0; number < content.count_pages(); ++number) {
            check_page(content.page(number), expected, number, "a content has the bytes of a file");
        }
    }

    static void check_page(const std::byte* page, const bytes& of, std::size_t number,
                           const char* promise) {
        const bytes found = page ? bytes(page, page + page_size) : bytes(page_size);
        demand(found == page_of(of, number), promise);
    }

    void check_touched() const {
        if (file_.depth() == 0) {
            return;
        }
        const bytes& before = before_.back();
        demand(file_.checkpoint_size() == before.size(), "a checkpoint knows the size");
        std::map<std::size_t, int> touched;
        file_.for_each_touched([&](const layered_file::touched_page& page) {
            demand(++touched[page.number] == 1, "a page is touched once");
            check_page(page.before, before, page.number, "a touched page is known as it was");
            check_page(page.now, now_, page.number, "a touched page is known as it is");
        });
        demand(touched.size() == file_.touched_pages(), "touched pages are counted");
        const std::size_t pages =
            (std::max(now_.size(), before.size()) + page_size - 1) / page_size;
        for (std::size_t number = 0; number < pages; ++number) {
            demand(page_of(now_, number) == page_of(before, number) || touched.count(number) > 0,
                   "what differs was touched");
        }
    }

    /// Returns the bytes of a page, with zeros behind the end.
    static bytes page_of(const bytes& whole, std::size_t number) {
        const std::size_t start = std::min(number * page_size, whole.size());
        const auto from = whole.begin() + static_cast<std::ptrdiff_t>(start);
        bytes page(from,
                   from + static_cast<std::ptrdiff_t>(std::min(page_size, whole.size() - start)));
        page.resize(page_size);
        return page;
    }

    static bool is_zero(const std::byte* page) {
        static const bytes zeros(page_size);
        return std::memcmp(page, zeros.data(), page_size) == 0;
    }

    FuzzedDataProvider& choices_;
    bytes now_;
    std::vector<bytes> before_;
    layered_file file_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider choices(data, size);
    file_and_model both(choices);
    while (choices.remaining_bytes() > 0) {
        both.step();
    }
    both.end();
    return 0;
}
