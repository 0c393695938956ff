#pragma once

#include <cstdint>

namespace isolite::os {

enum class order_of_addresses : std::uint8_t { ascending, descending };

/// Says whether `order_addresses` can do what it says here, by trying it in a child process: only
/// with the allocator of glibc as it usually is, on a machine of 64 bits, and not with one that a
/// sanitizer, valgrind or the program puts in its place.
[[nodiscard]] bool can_order_addresses();

/// Says the same of `let_memory_hold_junk`, for which that allocator may have any settings.
[[nodiscard]] bool can_fill_with_junk();

/// Lets blocks of the heap of up to 1000 bytes come with ascending or descending addresses, if
/// several of one size are taken: the next 32 of each size, and fewer where somebody keeps some of
/// them. When it is called anew, it is so for those again that were given back, or for others.
/// Requires: `can_order_addresses`.
/// Threads: it concerns the calling one.
void order_addresses(order_of_addresses wanted) noexcept;

/// Lets a block of the heap hold junk when it is taken, and when it was given back; or, instead,
/// zeros when it is taken. At the ends of
/// one that was given back and is taken again the allocator has written, zeros as well; when it is
/// called anew, there are fewer of these.
/// Requires: `can_fill_with_junk`.
/// Threads: it concerns the calling one.
void let_memory_hold_junk() noexcept;
void let_memory_hold_zeros() noexcept;

} // namespace isolite::os
