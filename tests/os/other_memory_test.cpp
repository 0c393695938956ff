#include "apart.hpp"
#include "os/other_memory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <vector>

#include <unistd.h>

#ifdef __GLIBC__
#    include <malloc.h>
#endif

using isolite::os::can_fill_with_junk;
using isolite::os::can_order_addresses;
using isolite::os::let_memory_hold_junk;
using isolite::os::order_addresses;
using isolite::os::order_of_addresses;

namespace {

constexpr std::size_t some = 20;

using blocks = std::vector<unsigned char*>;

/// No compiler knows what is in a block.
void* (*const volatile allocate)(std::size_t) = &std::malloc;

unsigned char* take(std::size_t bytes) {
    return static_cast<unsigned char*>(allocate(bytes));
}

blocks taken(std::size_t bytes) {
    blocks all(some);
    std::generate(all.begin(), all.end(), [bytes] { return take(bytes); });
    return all;
}

void free_all(const blocks& all) {
    std::for_each(all.begin(), all.end(), &std::free);
}

bool descend(const blocks& all) {
    return std::is_sorted(all.rbegin(), all.rend());
}

bool ascend(const blocks& all) {
    return std::is_sorted(all.begin(), all.end());
}

/// Says whether blocks have a zero among their bytes, without some at both ends.
bool have_zero(const blocks& all, std::size_t bytes, std::size_t at_ends = 0) {
    return std::any_of(all.begin(), all.end(), [=](const unsigned char* each) {
        const unsigned char* const end = each + bytes - at_ends;
        return std::find(each + at_ends, end, 0) != end;
    });
}

constexpr std::size_t of_allocator = 16; ///< where it writes in what was given back

} // namespace

#ifdef __GLIBC__
TEST_CASE("memory can be changed where the allocator is that of glibc") {
    void* const block = allocate(1);
    const std::size_t bytes = ::malloc_usable_size(block);
    std::free(block);
    const bool is_of_glibc = sizeof(void*) == 8 && bytes >= 24 && bytes % 16 == 8;
    CHECK(can_order_addresses() == is_of_glibc);
    CHECK(can_fill_with_junk() == is_of_glibc);
}
#endif

TEST_SUITE("other memory" * doctest::skip(!can_order_addresses() || !can_fill_with_junk())) {
    TEST_CASE("blocks of each size come in the order that is wanted, in each case anew") {
        for (const std::size_t bytes : {1U, 24U, 40U, 100U, 160U, 500U, 1000U}) {
            CAPTURE(bytes);
            CHECK(holds_apart([bytes] {
                for (int round = 0; round < 5; ++round) {
                    order_addresses(order_of_addresses::descending);
                    const blocks all = taken(bytes);
                    free_all(all); // in another order than they are to come
                    order_addresses(order_of_addresses::ascending);
                    const blocks more = taken(bytes);
                    if (!descend(all) || !ascend(more)) {
                        return false;
                    }
                    free_all(more);
                }
                return true;
            }));
        }
    }

    TEST_CASE("blocks come in descending order though others are kept, and the heap has holes") {
        CHECK(holds_apart([] {
            blocks holes = taken(200);
            for (int i = 0; i < 50; ++i) {
                const blocks more = taken(200);
                holes.insert(holes.end(), more.begin(), more.end());
            }
            for (std::size_t i = 0; i < holes.size(); i += 2) {
                std::free(holes[i]);
            }
            for (int round = 0; round < 20; ++round) {
                order_addresses(order_of_addresses::descending);
                if (!descend(taken(200)) || !descend(taken(800))) {
                    return false;
                }
            }
            return true;
        }));
    }

    TEST_CASE("fresh memory holds junk") {
        CHECK(holds_apart([] {
            let_memory_hold_junk();
            const blocks small = taken(100);
            const auto with_zero =
                std::count_if(small.begin(), small.end(), [](unsigned char* each) {
                    return have_zero({each}, 100, of_allocator);
                });
            return with_zero < 10 && !have_zero(taken(5000), 5000) &&
                   !have_zero(taken(200000), 200000);
        }));
    }

    TEST_CASE("memory that was freed holds junk, but for small blocks on a stack") {
        CHECK(holds_apart([] {
            let_memory_hold_junk();
            for (const std::size_t bytes : {1500U, 5000U, 20000U}) {
                unsigned char* const freed = take(bytes);
                const auto* const behind = take(bytes); // or it becomes part of what is behind it
                std::fill_n(freed, bytes, static_cast<unsigned char>(0));
                std::free(freed);
                if (behind == nullptr || have_zero({take(bytes)}, bytes, of_allocator)) {
                    return false;
                }
            }
            return true;
        }));
    }

    TEST_CASE("what was freed before a case does not come back with zeros of the allocator") {
        CHECK(holds_apart([] {
            let_memory_hold_junk();
            const blocks kept = taken(100);
            free_all(taken(100));
            let_memory_hold_junk();
            return !have_zero({take(100)}, of_allocator);
        }));
    }

    TEST_CASE("who asks for zeros gets them") {
        CHECK(holds_apart([] {
            let_memory_hold_junk();
            for (const std::size_t bytes : {24U, 1024U, 200000U}) {
                const auto* const block = static_cast<unsigned char*>(std::calloc(1, bytes));
                if (std::any_of(block, block + bytes, [](unsigned char each) { return each; })) {
                    return false;
                }
            }
            return true;
        }));
    }

    TEST_CASE("many cases take no more memory than a few") {
        CHECK(holds_apart([] {
            const auto begin_case = [] {
                let_memory_hold_junk();
                order_addresses(order_of_addresses::descending);
                free_all(taken(100));
            };
            begin_case();
            const auto* const end_of_heap = static_cast<const char*>(::sbrk(0));
            for (int i = 0; i < 300; ++i) {
                begin_case();
            }
            return static_cast<const char*>(::sbrk(0)) - end_of_heap < 1000000;
        }));
    }

    TEST_CASE("addresses descend while memory holds junk") {
        CHECK(holds_apart([] {
            let_memory_hold_junk();
            order_addresses(order_of_addresses::descending);
            const blocks all = taken(100);
            return descend(all) && !have_zero(all, 100, of_allocator) &&
                   !have_zero(taken(5000), 5000);
        }));
    }
}
