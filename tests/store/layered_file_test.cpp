#include "store/layered_file.hpp"

#include "dice.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>

using namespace isolite::store;
using isolite::store::tests::dice;

namespace {

using content = std::vector<std::byte>;

/// What a layered file should be, without any cleverness: every checkpoint is a whole copy.
struct naive_file {
    content now;
    std::vector<content> checkpoints;

    void write(std::size_t offset, const content& bytes) {
        now.resize(std::max(now.size(), offset + bytes.size()));
        std::copy(bytes.begin(), bytes.end(), now.begin() + static_cast<std::ptrdiff_t>(offset));
    }
    void checkpoint() { checkpoints.push_back(now); }
    void discard() {
        now = std::move(checkpoints.back());
        checkpoints.pop_back();
    }
    void merge() { checkpoints.pop_back(); }
};

content read_all(const layered_file& file) {
    content bytes(static_cast<std::size_t>(file.size()));
    file.read(0, bytes.data(), bytes.size());
    return bytes;
}

content page_of(const content& bytes, std::size_t number) {
    content page(page_size);
    const std::size_t start = std::min(number * page_size, bytes.size());
    const std::size_t end = std::min(start + page_size, bytes.size());
    std::copy(bytes.data() + start, bytes.data() + end, page.data());
    return page;
}

content page_of(const std::byte* bytes) {
    return bytes ? content(bytes, bytes + page_size) : content(page_size);
}

/// One file and its model, driven by the same random choices.
class twins {
  public:
    twins(std::uint64_t seed, const content& base)
        : dice_(seed), file_(std::make_shared<const image>(base)), model_{base, {}} {}

    void step() {
        switch (dice_.below(13)) {
        case 0:
            return model_.checkpoints.size() < 4 ? checkpoint() : discard();
        case 1:
            return discard();
        case 2:
            return truncate();
        case 3:
            return sparse_write();
        case 4:
            return merge();
        default:
            return write(dice_.below(model_.now.size() + page_size));
        }
    }

    void compare() {
        REQUIRE(file_.depth() == model_.checkpoints.size());
        REQUIRE(read_all(file_) == model_.now);
        content part(dice_.below(3 * page_size));
        const std::size_t offset = dice_.below(model_.now.size() + page_size);
        const std::size_t inside =
            std::min(part.size(), model_.now.size() - std::min(offset, model_.now.size()));
        std::fill(part.begin(), part.end(), std::byte{0xee});
        REQUIRE(file_.read(offset, part.data(), part.size()) == inside);
        content expected(part.size());
        std::copy_n(model_.now.data() + std::min(offset, model_.now.size()), inside,
                    expected.data());
        REQUIRE(part == expected);
        if (file_.depth() > 0) {
            compare_touched();
        }
    }

    void end() {
        while (file_.depth() > 0) {
            discard();
            compare();
        }
    }

  private:
    void write(std::size_t offset) {
        // Mostly whole pages, as SQLite writes them; otherwise anything.
        const bool whole = !dice_.one_in(3);
        const content bytes = dice_.bytes(whole ? page_size : dice_.below(3 * page_size) + 1);
        offset = whole ? offset / page_size * page_size : offset;
        file_.write(offset, bytes.data(), bytes.size());
        model_.write(offset, bytes);
    }
    void sparse_write() { write(model_.now.size() + dice_.below(5 * page_size)); }
    void truncate() {
        const std::size_t size = dice_.below(model_.now.size() + 2 * page_size);
        file_.truncate(size);
        model_.now.resize(size);
    }
    void checkpoint() {
        file_.checkpoint();
        model_.checkpoint();
    }
    void discard() {
        if (file_.depth() > 0) {
            file_.discard();
            model_.discard();
        }
    }
    void merge() {
        if (file_.depth() > 0) {
            file_.merge();
            model_.merge();
        }
    }

    /// Every page that differs from the checkpoint is reported, and each one truthfully.
    void compare_touched() {
        const content& before = model_.checkpoints.back();
        std::map<std::size_t, bool> touched;
        file_.for_each_touched([&](const layered_file::touched_page& page) {
            REQUIRE(touched.emplace(page.number, true).second);
            REQUIRE(page_of(page.before) == page_of(before, page.number));
            REQUIRE(page_of(page.now) == page_of(model_.now, page.number));
        });
        REQUIRE(file_.checkpoint_size() == before.size());
        compare_checkpoint(before);
        for (std::size_t number = 0; number * page_size < model_.now.size(); ++number) {
            const bool differs = page_of(model_.now, number) != page_of(before, number);
            REQUIRE((touched.count(number) == 1 || !differs));
        }
    }

    /// What is told without copying the image is the checkpoint, and no page of it is told twice.
    void compare_checkpoint(const content& before) {
        const file_content told = file_.content_of_checkpoint();
        REQUIRE(told.size == before.size());
        for (std::size_t number = 0; number < told.count_pages(); ++number) {
            content page = page_of(told.page(number));
            page.resize(std::min(page_size, before.size() - number * page_size));
            content expected = page_of(before, number);
            expected.resize(page.size());
            REQUIRE(page == expected);
            const std::size_t end = told.end_of_base(number);
            REQUIRE((end == number) == (told.pages.count(number) == 1 || !told.page(number)));
        }
    }

    dice dice_;
    layered_file file_;
    naive_file model_;
};

void write_text(layered_file& file, std::uint64_t offset, const std::string& text) {
    file.write(offset, reinterpret_cast<const std::byte*>(text.data()), text.size());
}

std::string read_text(const layered_file& file, std::uint64_t offset, std::size_t count) {
    std::string text(count, '?');
    file.read(offset, reinterpret_cast<std::byte*>(text.data()), count);
    return text;
}

} // namespace

TEST_SUITE("layered_file") {
    TEST_CASE("what is written to a file's content is there, over its image and behind it") {
        file_content content;
        content.base = std::make_shared<const image>(std::vector<std::byte>(3 * page_size));
        content.base_pages = 2; // the third does not count
        content.size = 3 * page_size;
        const std::vector<std::byte> bytes(page_size + 2, std::byte{'a'});
        content.write(page_size - 1, bytes.data(), bytes.size());
        CHECK(content.size == 3 * page_size);
        CHECK(content.page(0)[page_size - 2] == std::byte{});
        CHECK(content.page(0)[page_size - 1] == std::byte{'a'});
        CHECK(content.page(1)[5] == std::byte{'a'});
        CHECK(content.page(2)[0] == std::byte{'a'});
        CHECK(content.page(2)[1] == std::byte{});
        content.write(5 * page_size, bytes.data(), 1);
        CHECK(content.size == 5 * page_size + 1);
        CHECK(content.page(4) == nullptr);
        content.cut(page_size + 1);
        CHECK(content.size == page_size + 1);
        CHECK(content.pages.size() == 2);
    }

    TEST_CASE("a layered file is what a naive model of it is, whatever is done to it") {
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            CAPTURE(seed);
            dice first(seed);
            twins both(seed, first.bytes(first.below(6 * page_size)));
            for (int step = 0; step < 150; ++step) {
                CAPTURE(step);
                both.step();
                both.compare();
            }
            both.end();
        }
    }

    TEST_CASE("writing copies the page of the image and leaves the image alone") {
        const auto base = std::make_shared<const image>(content(2 * page_size, std::byte{'a'}));
        layered_file file(base);
        write_text(file, page_size, "xyz");
        CHECK(read_text(file, page_size, 4) == "xyza");
        CHECK(base->page(1)[0] == std::byte{'a'});
    }

    TEST_CASE("each byte is read from its own page, wherever a reading begins") {
        layered_file file;
        for (std::size_t number = 0; number < 3; ++number) {
            write_text(file, number * page_size, std::string(page_size, "abc"[number]));
        }
        for (const std::size_t border : {page_size, 2 * page_size}) {
            CAPTURE(border);
            const char before = border == page_size ? 'a' : 'b';
            const std::string around = std::string(2, before) + std::string(2, before + 1);
            for (std::size_t i = 0; i < around.size(); ++i) {
                CHECK(read_text(file, border - 2 + i, around.size() - i) == around.substr(i));
            }
        }
    }

    TEST_CASE("two files on one image do not see each other's writes") {
        const auto base = std::make_shared<const image>(content(page_size, std::byte{'a'}));
        layered_file one(base);
        layered_file other(base);
        write_text(one, 0, "x");
        CHECK(read_text(other, 0, 1) == "a");
    }

    TEST_CASE("what a cut removed does not come back when the file grows again") {
        layered_file file(std::make_shared<const image>(content(3 * page_size, std::byte{'a'})));
        SUBCASE("without a layer") {}
        SUBCASE("within a layer") {
            file.checkpoint();
        }
        file.truncate(page_size + 1);
        file.truncate(3 * page_size);
        CHECK(read_text(file, page_size, 3) == std::string("a\0\0", 3));
        CHECK(read_text(file, 2 * page_size, 1) == std::string(1, '\0'));
    }

    TEST_CASE("nothing is touched after a checkpoint or a discard") {
        layered_file file;
        file.checkpoint();
        CHECK_FALSE(file.touched());
        write_text(file, 0, "x");
        CHECK(file.touched());
        file.checkpoint();
        CHECK_FALSE(file.touched());
        file.discard();
        CHECK(file.touched());
    }

    TEST_CASE("what a merged layer wrote is dropped with the layer below") {
        layered_file file(std::make_shared<const image>(content(page_size, std::byte{'a'})));
        file.checkpoint();
        file.checkpoint();
        write_text(file, 0, "b");
        file.merge();
        CHECK(file.depth() == 1);
        CHECK(file.touched());
        CHECK(read_text(file, 0, 2) == "ba");
        file.discard();
        CHECK(read_text(file, 0, 2) == "aa");
    }

    TEST_CASE("what the last merged layer wrote stays") {
        layered_file file(std::make_shared<const image>(content(page_size, std::byte{'a'})));
        file.checkpoint();
        write_text(file, 0, "b");
        file.truncate(2);
        file.merge();
        CHECK(file.depth() == 0);
        file.checkpoint();
        write_text(file, 0, "c");
        file.discard();
        CHECK(file.size() == 2);
        CHECK(read_text(file, 0, 2) == "ba");
    }

    TEST_CASE("a layer that only grew the file is touched") {
        layered_file file(std::make_shared<const image>(content(page_size, std::byte{'a'})));
        file.checkpoint();
        file.truncate(2 * page_size);
        CHECK(file.touched());
    }

    TEST_CASE("an empty file freezes to an empty image") {
        CHECK(layered_file().freeze()->size() == 0); // UBSan minds a memset of nothing at null
    }

    TEST_CASE("a frozen file keeps its content when the file goes on") {
        layered_file file;
        write_text(file, 0, "before");
        const auto frozen = file.freeze();
        write_text(file, 0, "after!");
        CHECK(frozen->size() == 6);
        CHECK(std::memcmp(frozen->page(0), "before", 6) == 0);
    }

    TEST_CASE("a hole costs nothing in an image either, nor in a file on that") {
        constexpr std::uint64_t end = std::uint64_t{1} << 38U;
        layered_file file(std::make_shared<const image>(content(3 * page_size, std::byte{'a'})));
        write_text(file, end, "b");
        file.checkpoint();
        file.truncate(page_size);
        write_text(file, 2 * end, "c");
        for (int i = 0; i < 2; ++i) {
            const auto before = file.freeze_checkpoint();
            const auto now = file.freeze();
            CHECK(before->size() == end + 1);
            CHECK(now->size() == 2 * end + 1);
            CHECK(before->page(2)[page_size - 1] == std::byte{'a'});
            CHECK(before->page(3)[0] == std::byte{});
            CHECK(before->page(end / page_size)[0] == std::byte{'b'});
            CHECK(now->page(0)[page_size - 1] == std::byte{'a'});
            CHECK(now->page(1)[0] == std::byte{});
            CHECK(now->page(2 * end / page_size)[0] == std::byte{'c'});
            CHECK(now->known(256) > end / page_size - 256);
            file = layered_file(before); // once more, on what was frozen
            file.checkpoint();
            file.truncate(page_size);
            write_text(file, 2 * end, "c");
        }
    }
}
