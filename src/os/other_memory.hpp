#pragma once

#include <cstdint>

namespace isolite::os {

enum class order_of_addresses : std::uint8_t { ascending, descending };

/// Says whether the functions below can do what they say here, by trying them in a child process:
/// only with the allocator of glibc on a machine of 64 bits, and not with one that a sanitizer,
/// valgrind or the program puts in its place.
[[nodiscard]] bool can_change_memory();

/// Lets blocks of the heap of up to 1000 bytes come with ascending or descending addresses, if
/// several of one size are taken: the next 32 of each size, and fewer where somebody keeps some of
/// them. When it is called anew, it is so for those again that were given back, or for others.
/// Requires: `can_change_memory`.
/// Threads: it concerns the calling one.
void order_addresses(order_of_addresses wanted) noexcept;

/// Lets a block of the heap hold junk when it is taken, and when it was given back. At the
/// ends of one that was given back and is taken again the allocator has written, zeros as well;
/// when it is called anew, there are fewer of these. Requires, Threads: as `order_addresses`.
void let_memory_hold_junk() noexcept;

} // namespace isolite::os
