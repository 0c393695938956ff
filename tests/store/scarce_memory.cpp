#include "scarce_memory.hpp"

#include <cstdlib>
#include <new>

namespace isolite::store::tests {

namespace {

constexpr long plenty = -1;

long left = plenty; // allocations before the one that fails
bool fails_for_good = false;
bool failed = false;

void* allocate(std::size_t size) {
    if (left == 0) {
        failed = true;
        left = fails_for_good ? 0 : plenty;
        throw std::bad_alloc();
    }
    if (left > 0) {
        --left;
    }
    if (void* const memory = std::malloc(size > 0 ? size : 1)) {
        return memory;
    }
    throw std::bad_alloc();
}

} // namespace

scarce_memory::scarce_memory(long successes, bool for_good) {
    failed = false;
    fails_for_good = for_good;
    left = successes;
}

scarce_memory::~scarce_memory() {
    left = plenty;
}

bool scarce_memory::ran_out() {
    return failed;
}

} // namespace isolite::store::tests

void* operator new(std::size_t size) {
    return isolite::store::tests::allocate(size);
}

void operator delete(void* memory) noexcept {
    std::free(memory);
}

void operator delete(void* memory, std::size_t /*size*/) noexcept {
    std::free(memory);
}
