#pragma once

namespace isolite::store::tests {

/// Lets `operator new` of this program fail while it lives: after `successes` allocations, for one
/// of them or for good. A program that uses it has scarce_memory.cpp linked in, which replaces
/// `operator new`. Threads: one at a time.
class scarce_memory {
  public:
    scarce_memory(long successes, bool for_good);
    ~scarce_memory();
    scarce_memory(const scarce_memory&) = delete;
    scarce_memory& operator=(const scarce_memory&) = delete;

    /// Says whether an allocation failed under the last one that was made.
    static bool ran_out();
};

} // namespace isolite::store::tests
