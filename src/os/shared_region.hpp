#pragma once

#include "os/descriptor.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace isolite::os {

/// Memory that several views show, each at its own address, so that one of them can be cut off
/// from the others.
/// After `fork` the child has a copy of its own, as with ordinary memory.
/// Threads: none of its own; `store` guards it.
class shared_region {
  public:
    /// Takes no memory before the first view. Errors: throws `std::bad_alloc`.
    explicit shared_region(std::size_t size);
    ~shared_region();
    shared_region(const shared_region&) = delete;
    shared_region& operator=(const shared_region&) = delete;

    /// Returns the bytes as everyone shares them.
    [[nodiscard]] std::byte* bytes() const noexcept { return shared_; }

    /// One view of the region. Lifetime: may end after the region if it is detached.
    class view {
      public:
        /// Errors: throws `std::bad_alloc`.
        explicit view(shared_region& region);
        ~view();
        view(const view&) = delete;
        view& operator=(const view&) = delete;

        /// Returns the bytes; the address stays the same.
        [[nodiscard]] std::byte* bytes() const noexcept { return bytes_; }

        /// Gives the view a copy of its own, in the same place: whoever is in the middle of writing
        /// through it reaches nobody else any more.
        void detach() noexcept;

        /// Shows the shared bytes again.
        void attach() noexcept;

      private:
        friend class shared_region;

        shared_region* region_; // null once it has ended
        std::size_t size_;
        std::byte* bytes_;
        bool attached_ = true;
    };

  private:
    /// Called in the child of a `fork`: leaves the memory to the parent.
    void become_private() noexcept;

    friend struct fork_guard;

    std::size_t size_;
    descriptor memory_;
    std::byte* shared_ = nullptr;
    std::vector<view*> views_;
};

} // namespace isolite::os
