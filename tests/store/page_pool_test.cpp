#include "store/page_pool.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <set>

using namespace isolite::store;

TEST_SUITE("page_pool") {
    TEST_CASE("no two pages that are in use overlap") {
        page_pool pool;
        std::vector<std::byte*> pages(1000);
        std::generate(pages.begin(), pages.end(), [&pool] { return pool.take(); });
        for (std::size_t i = 0; i < pages.size(); ++i) {
            std::memset(pages[i], static_cast<int>(i % 251), page_size);
        }
        for (std::size_t i = 0; i < pages.size(); ++i) {
            const auto mark = static_cast<std::byte>(i % 251);
            REQUIRE(std::all_of(pages[i], pages[i] + page_size,
                                [mark](std::byte byte) { return byte == mark; }));
        }
    }

    TEST_CASE("pages that were given back are used up before the pool grows") {
        page_pool pool;
        std::set<std::byte*> in_use;
        while (in_use.size() < 512) { // the blocks of 1, 1, 2, 4 ... 256 pages
            in_use.insert(pool.take());
        }
        for (std::byte* page : in_use) {
            pool.give_back(page);
        }
        std::size_t known = 0;
        for (std::size_t i = 0; i < in_use.size(); ++i) {
            known += in_use.count(pool.take());
        }
        CHECK(known == in_use.size());
    }
}
