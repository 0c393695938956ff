#include "store/image.hpp"

#include "dice.hpp"

#include <doctest/doctest.h>

#include <cstring>

using namespace isolite::store;

TEST_SUITE("image") {
    TEST_CASE("an empty image has no pages") {
        const image empty({});
        CHECK(empty.size() == 0);
        CHECK(empty.pages() == 0);
    }

    TEST_CASE("an image keeps its length when its last page is a part of one") {
        const image part(std::vector<std::byte>(page_size + 1));
        CHECK(part.size() == page_size + 1);
        CHECK(part.pages() == 2);
    }

    TEST_CASE("a whole number of pages needs no page more") {
        const image whole(std::vector<std::byte>(3 * page_size));
        CHECK(whole.size() == 3 * page_size);
        CHECK(whole.pages() == 3);
    }

    TEST_CASE("the pages of an image hold the bytes it was made of") {
        const auto bytes = tests::dice(1).bytes(2 * page_size);
        const image copy(bytes);
        CHECK(std::memcmp(copy.page(0), bytes.data(), page_size) == 0);
        CHECK(std::memcmp(copy.page(1), bytes.data() + page_size, page_size) == 0);
    }

    TEST_CASE("an image leaves out its holes when it is walked over") {
        const auto bytes = std::make_shared<std::vector<std::byte>>(9 * page_size);
        const image walked(bytes->data(), bytes->size(), bytes, {{1, 3}, {3, 4}, {6, 9}});
        std::vector<std::size_t> known;
        for (std::size_t page = walked.known(0); page < 9; page = walked.known(page + 1)) {
            known.push_back(page);
        }
        CHECK(known == std::vector<std::size_t>{0, 4, 5});
    }

    TEST_CASE("the last page reads as zeros beyond the end of the file") {
        const image part(std::vector<std::byte>(page_size + 10, std::byte{0xff}));
        CHECK(part.page(1)[9] == std::byte{0xff});
        const std::vector<std::byte> zeros(page_size - 10);
        CHECK(std::memcmp(part.page(1) + 10, zeros.data(), zeros.size()) == 0);
    }
}
