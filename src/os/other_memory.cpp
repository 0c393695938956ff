#include "os/other_memory.hpp"

#include <cstdlib>

#ifdef __GLIBC__

#    include <algorithm>
#    include <array>
#    include <cerrno>
#    include <cstddef>

#    include <malloc.h>
#    include <sys/wait.h>
#    include <unistd.h>

// glibc keeps small blocks that were given back by their size: the last few on a stack, others in a
// queue, from which it fills the stack again when that is empty. So blocks that are given back in
// the right order come back in the order that is wanted. To let the kernel make a place for each
// block, which descends by itself, costs a hundred times as much for each of them.
// Source: https://sourceware.org/glibc/wiki/MallocInternals

namespace isolite::os {

namespace {

constexpr std::size_t sizes = 64;        ///< of blocks, of which there is a stack
constexpr std::size_t queued = 62;       ///< The last ones are kept in another way than a queue.
constexpr std::size_t in_stock = 32;     ///< blocks of each size
constexpr std::size_t smallest = 24;     ///< bytes of a block
constexpr std::size_t step = 16;         ///< from one size to the next one
constexpr std::size_t behind_stack = 16; ///< More blocks of a size than a stack has.

/// No compiler leaves out what nobody seems to need if it is called so.
void* (*const volatile take)(std::size_t) = &std::malloc;
void (*const volatile give_back)(void*) = &std::free;

/// How many bytes a block of a size has for its user. Another word stands in front of them.
constexpr std::size_t bytes_of(std::size_t size) {
    return smallest + step * size;
}

constexpr std::size_t whole_of(std::size_t size) {
    return bytes_of(size) + sizeof(std::size_t);
}

char* take_of(std::size_t size) {
    return static_cast<char*>(take(bytes_of(size)));
}

/// Says whether blocks have the sizes of glibc's.
bool is_allocator_of_glibc() {
    void* const block = take(1);
    const std::size_t bytes = ::malloc_usable_size(block);
    give_back(block);
    return sizeof(std::size_t) == 8 && bytes >= smallest && bytes % step == smallest % step;
}

/// Takes all that the heap has free, so that new blocks stand one behind the other.
void take_what_is_free() {
    constexpr int usual_threshold = 128 * 1024;
    constexpr int usual_most = 65536;
    ::mallopt(M_MXFAST, 0); // or there is another stack, which is cleared now and then
    ::mallopt(M_MMAP_MAX, usual_most);
    ::mallopt(M_MMAP_THRESHOLD, 0); // What is not free yet comes in whole pages then.
    const auto take_all = [](std::size_t bytes) {
        constexpr std::size_t most = 1U << 20U; // or it does not come so after all
        bool is_free = true;
        for (std::size_t i = 0; i < most && is_free; ++i) {
            void* const block = take(bytes);
            is_free = block != nullptr && ::malloc_usable_size(block) < bytes + bytes_of(sizes);
            give_back(is_free ? nullptr : block);
        }
    };
    take_all(65636); // a little more than whole pages, as the next one
    take_all(4196);
    for (std::size_t size = sizes; size-- > 0;) {
        take_all(bytes_of(size));
    }
    ::mallopt(M_MMAP_THRESHOLD, usual_threshold);
}

/// Does so once in a process.
void empty_heap() {
    static const bool is_done = (take_what_is_free(), true);
    static_cast<void>(is_done);
}

/// Returns how many blocks of a size the stack has room for.
std::size_t room_on_stack() {
    static const std::size_t room = [] {
        std::array<char*, behind_stack> some{};
        for (char*& block : some) {
            block = take_of(0);
        }
        std::for_each(some.begin(), some.end(), give_back);
        const char* const last = take_of(0);
        const auto* const found = std::find(some.begin(), some.end(), last);
        return static_cast<std::size_t>(found - some.begin()) % some.size() + 1;
    }();
    return room;
}

/// Blocks of each size, whose neighbours nobody gives back: with a free one they would become one.
class stock {
  public:
    stock() : room_(room_on_stack()) {
        for (std::size_t size = 0; size < queued; ++size) {
            make(size);
        }
    }

    /// Puts those of them that are free in order.
    void renew(order_of_addresses wanted) {
        for (std::size_t size = queued; size-- > 0;) { // or one may be a part of a larger one
            take_free(size);
        }
        for (std::size_t size = 0; size < queued; ++size) {
            const auto in_hand =
                std::count(is_in_hand_[size].begin(), is_in_hand_[size].end(), true);
            if (static_cast<std::size_t>(in_hand) < in_stock / 2) {
                make(size); // Whoever has taken the others keeps them.
            }
            give_back_in_order(size, wanted);
        }
        while (others_ > 0) {
            give_back(other_[--others_]);
        }
        settle();
    }

  private:
    void make(std::size_t size) {
        take_of(size);
        char* last = take_of(size);
        first_[size] = last;
        bool is_in_row = true;
        for (std::size_t i = 2; i <= 2 * in_stock; ++i) {
            char* const next = take_of(size);
            is_in_row = is_in_row && next == last + whole_of(size);
            last = next;
        }
        is_in_hand_[size].fill(is_in_row);
    }

    /// Returns which one of the stock a block is, or some number behind the last one.
    [[nodiscard]] std::size_t number_of(std::size_t size, const char* block) const {
        const auto behind = static_cast<std::size_t>(block - first_[size]); // much if it is before
        const std::size_t from_one_to_next = 2 * whole_of(size);
        return behind % from_one_to_next == 0 ? behind / from_one_to_next : in_stock;
    }

    void take_free(std::size_t size) {
        const std::size_t most = others_ + behind_stack;
        while (others_ < most) {
            char* const block = take_of(size);
            const std::size_t number = number_of(size, block);
            if (number < in_stock) {
                is_in_hand_[size][number] = true;
            } else {
                other_[others_++] = block;
            }
        }
    }

    /// The first ones go to the stack, each on top of those before. Of those in the queue one is
    /// given out, and as many as the stack has room for then go there.
    void give_back_in_order(std::size_t size, order_of_addresses wanted) {
        std::array<char*, in_stock> blocks{};
        std::size_t count = 0;
        for (std::size_t number = 0; number < in_stock; ++number) {
            if (is_in_hand_[size][number]) {
                blocks[count++] = first_[size] + number * 2 * whole_of(size);
            }
        }
        if (wanted == order_of_addresses::descending) {
            std::reverse(blocks.data(), blocks.data() + count);
        }
        is_in_hand_[size].fill(false);
        std::size_t begin = 0;
        for (std::size_t end = std::min(room_, count); begin < count;
             end = std::min(begin + 1 + room_, count)) {
            const std::size_t on_stack = begin == 0 ? begin : begin + 1;
            std::reverse(blocks.data() + on_stack, blocks.data() + end);
            begin = end;
        }
        std::for_each(blocks.data(), blocks.data() + count, give_back);
    }

    /// Lets blocks that were given back be sorted by their sizes.
    static void settle() {
        constexpr std::size_t much = 32768;
        give_back(take(much));
    }

    std::size_t room_;
    std::array<char*, queued> first_{};
    std::array<std::array<bool, in_stock>, queued> is_in_hand_{};
    std::array<char*, queued * behind_stack> other_{};
    std::size_t others_ = 0;
};

/// As many blocks of each size as the stack has room for. They fill it while others are given back,
/// and leave it empty.
class held_blocks {
  public:
    held_blocks() {
        for (std::size_t size = 0; size < sizes; ++size) {
            take_some(size, held_[size]);
        }
    }

    /// Lets no block stand on the stack, where each has zeros in it.
    void clear_stacks() {
        for (std::size_t size = 0; size < sizes; ++size) {
            some_blocks on_stack{};
            take_some(size, on_stack);
            std::for_each(held_[size].begin(), held_[size].end(), give_back);
            std::for_each(on_stack.begin(), on_stack.end(), give_back);
            take_some(size, held_[size]);
        }
    }

  private:
    using some_blocks = std::array<char*, behind_stack>; ///< null behind the last one

    static void take_some(std::size_t size, some_blocks& to) {
        std::generate_n(to.begin(), room_on_stack(), [size] { return take_of(size); });
    }

    std::array<some_blocks, sizes> held_{};
};

/// Fills blocks that were given back with a byte, and those that were taken with its complement.
void fill(int of_free_blocks) {
    empty_heap();
    ::mallopt(M_PERTURB, of_free_blocks);
    static held_blocks all;
    all.clear_stacks();
}

/// Says whether blocks of several sizes come so.
bool come(order_of_addresses wanted) {
    order_addresses(wanted);
    constexpr std::size_t some = 20;
    bool is_so = true;
    for (std::size_t size = 0; size < queued; size += some) {
        const char* last = take_of(size);
        for (std::size_t i = 1; i < some; ++i) {
            const char* const next = take_of(size);
            is_so = is_so && (next > last) == (wanted == order_of_addresses::ascending);
            last = next;
        }
    }
    return is_so;
}

/// Says whether there is junk in a block that is too large for the stack.
bool is_junk_in_memory() {
    let_memory_hold_junk();
    constexpr std::size_t much = 5000;
    const auto* const block = static_cast<const char*>(take(much));
    return std::all_of(block, block + much, [](char each) { return each != 0; });
}

/// Says whether something holds in a process that may be spoiled by it.
bool holds_in_child(bool (*claim)()) {
    if (!is_allocator_of_glibc()) {
        return false;
    }
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(claim() ? 0 : 1);
    }
    int status = 1;
    while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return child > 0 && status == 0;
}

} // namespace

bool can_order_addresses() {
    static const bool can = holds_in_child(
        [] { return come(order_of_addresses::descending) && come(order_of_addresses::ascending); });
    return can;
}

bool can_fill_with_junk() {
    static const bool can = holds_in_child(&is_junk_in_memory);
    return can;
}

void order_addresses(order_of_addresses wanted) noexcept {
    empty_heap();
    static stock all;
    all.renew(wanted);
}

void let_memory_hold_junk() noexcept {
    fill(0x5a);
}

void let_memory_hold_zeros() noexcept {
    fill(0xff);
}

} // namespace isolite::os

#else

namespace isolite::os {

bool can_order_addresses() {
    return false;
}

bool can_fill_with_junk() {
    return false;
}

void order_addresses(order_of_addresses /*wanted*/) noexcept {}

void let_memory_hold_junk() noexcept {}

void let_memory_hold_zeros() noexcept {}

} // namespace isolite::os

#endif
