#include "os/shared_region.hpp"

#include "os/memory_file.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <new>
#include <utility>

#include <pthread.h>
#include <sys/mman.h>

namespace isolite::os {

/// All regions of the process, for the child of a `fork`.
struct fork_guard {
    std::mutex mutex;
    std::vector<shared_region*> regions;

    static fork_guard& of_process() {
        // Never destroyed: connections in static variables may be closed after any destructor.
        static auto* const instance = [] {
            auto* const made = new fork_guard;
            ::pthread_atfork([] { of_process().mutex.lock(); }, [] { of_process().mutex.unlock(); },
                             leave_to_parent);
            return made;
        }();
        return *instance;
    }

    static void leave_to_parent() {
        for (shared_region* region : of_process().regions) {
            region->become_private();
        }
        of_process().mutex.unlock();
    }
};

namespace {

/// Returns anonymous memory of `size` bytes; none when there is none.
descriptor memory_of(std::size_t size) noexcept {
    descriptor memory = memory_file("isolite");
    return memory && memory.resize(size) ? std::move(memory) : descriptor(-1);
}

/// Maps the memory anywhere, or in the place of `where`. Returns null when that failed.
std::byte* mapped(int memory, std::size_t size, std::byte* where = nullptr) noexcept {
    void* const found = ::mmap(where, size, PROT_READ | PROT_WRITE,
                               MAP_SHARED | (where ? MAP_FIXED : 0), memory, 0);
    return found == MAP_FAILED ? nullptr : static_cast<std::byte*>(found);
}

/// Copies what another thread may be writing to. It has lost the right to: what the copy gets of it
/// does not matter, and ThreadSanitizer need not report it. `volatile` keeps `memcpy` out.
__attribute__((no_sanitize("thread"))) void copy_unguarded(std::byte* to, const std::byte* from,
                                                           std::size_t count) noexcept {
    const auto* const source = reinterpret_cast<const volatile std::uint64_t*>(from);
    auto* const target = reinterpret_cast<volatile std::uint64_t*>(to);
    for (std::size_t i = 0; i < count / sizeof *source; ++i) {
        target[i] = source[i];
    }
}

} // namespace

shared_region::shared_region(std::size_t size) : size_(size), memory_(memory_of(size)) {
    shared_ = memory_ ? mapped(memory_.number(), size_) : nullptr;
    if (!shared_) {
        throw std::bad_alloc();
    }
    const std::lock_guard guard(fork_guard::of_process().mutex);
    fork_guard::of_process().regions.push_back(this);
}

shared_region::~shared_region() {
    const std::lock_guard guard(fork_guard::of_process().mutex);
    auto& regions = fork_guard::of_process().regions;
    regions.erase(std::find(regions.begin(), regions.end(), this));
    for (view* each : views_) {
        each->region_ = nullptr;
    }
    ::munmap(shared_, size_);
}

void shared_region::become_private() noexcept {
    descriptor own = memory_of(size_);
    std::byte* const copy = own ? mapped(own.number(), size_) : nullptr;
    if (!copy) {
        return; // the child is short of memory; what it writes then reaches its parent
    }
    std::memcpy(copy, shared_, size_);
    ::munmap(copy, size_);
    memory_ = std::move(own);
    mapped(memory_.number(), size_, shared_);
    for (view* each : views_) {
        if (each->attached_) {
            each->attach();
        }
    }
}

shared_region::view::view(shared_region& region)
    : region_(&region), size_(region.size_), bytes_(mapped(region.memory_.number(), region.size_)) {
    if (!bytes_) {
        throw std::bad_alloc();
    }
    const std::lock_guard guard(fork_guard::of_process().mutex);
    region.views_.push_back(this);
}

shared_region::view::~view() {
    const std::lock_guard guard(fork_guard::of_process().mutex);
    if (region_) {
        auto& views = region_->views_;
        views.erase(std::find(views.begin(), views.end(), this));
    }
    ::munmap(bytes_, size_);
}

void shared_region::view::detach() noexcept {
    void* const own =
        ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (own == MAP_FAILED) {
        return;
    }
    copy_unguarded(static_cast<std::byte*>(own), bytes_, size_);
    // Replaces the mapping in one step: a thread that writes meanwhile finds one or the other.
    attached_ = ::mremap(own, size_, size_, MREMAP_MAYMOVE | MREMAP_FIXED, bytes_) == MAP_FAILED;
}

void shared_region::view::attach() noexcept {
    attached_ = mapped(region_->memory_.number(), size_, bytes_) != nullptr;
}

} // namespace isolite::os
