#include "store/wal_index.hpp"

#include <cstring>

namespace isolite::store {

namespace {

// Two copies of the header and what checkpoints note. Source: the page named in the header file.
constexpr std::size_t header_size = 136;
constexpr std::size_t frames = 16; // in the log
constexpr std::size_t frames_copied = 96;

/// Reads a number that another thread may be writing. If it is, whoever asked looks at the header
/// again; ThreadSanitizer need not report it.
__attribute__((no_sanitize("thread"))) std::uint32_t number_at(const std::byte* place) noexcept {
    return *reinterpret_cast<const volatile std::uint32_t*>(place);
}

} // namespace

std::byte* wal_index::map(user& mapping, std::size_t number, std::size_t size, bool extend) {
    while (regions_.size() <= number && extend) {
        regions_.push_back(std::make_unique<os::shared_region>(size));
    }
    if (!mapping.attached) {
        mapping.attached = true;
        ++users_;
    }
    if (regions_.size() <= number) {
        return nullptr;
    }
    while (mapping.views.size() <= number) {
        auto view = std::make_unique<os::shared_region::view>(*regions_[mapping.views.size()]);
        if (mapping.lost != 0) {
            view->detach();
        }
        mapping.views.push_back(std::move(view));
    }
    return mapping.views[number]->bytes();
}

void wal_index::unmap(user& leaving) noexcept {
    unlock(leaving, static_cast<lock_set>(leaving.shared | leaving.exclusive));
    leaving.views.clear();
    leave(leaving);
}

void wal_index::cut_off(user& losing) noexcept {
    revoke(losing);
    leave(losing);
}

void wal_index::leave(user& leaving) noexcept {
    if (leaving.attached && --users_ == 0) {
        regions_.clear();
    }
    leaving.attached = false;
    leaving.lost = 0;
}

bool wal_index::lock_shared(user& locking, lock_set wanted) noexcept {
    if ((exclusive_ & wanted & ~locking.exclusive) != 0 ||
        ((wanted & reading_database) != 0 && !log_is_copied())) {
        return false;
    }
    for (unsigned i = 0; i < lock_count; ++i) {
        const auto bit = static_cast<lock_set>(1U << i);
        shared_[i] += (wanted & bit & ~locking.shared) != 0;
    }
    locking.shared |= wanted;
    return true;
}

bool wal_index::lock_exclusive(user& locking, lock_set wanted) noexcept {
    if ((exclusive_ & wanted & ~locking.exclusive) != 0) {
        return false;
    }
    for (unsigned i = 0; i < lock_count; ++i) {
        const auto bit = static_cast<lock_set>(1U << i);
        const unsigned own = (locking.shared & bit) != 0;
        if ((wanted & bit) != 0 && shared_[i] > own) {
            return false;
        }
    }
    exclusive_ |= wanted;
    locking.exclusive |= wanted;
    return true;
}

void wal_index::unlock(user& unlocking, lock_set given_back) noexcept {
    for (unsigned i = 0; i < lock_count; ++i) {
        const auto bit = static_cast<lock_set>(1U << i);
        shared_[i] -= (given_back & unlocking.shared & bit) != 0;
    }
    exclusive_ &= static_cast<lock_set>(~(given_back & unlocking.exclusive));
    unlocking.shared &= static_cast<lock_set>(~given_back);
    unlocking.exclusive &= static_cast<lock_set>(~given_back);
    if (unlocking.lost != 0) {
        unlocking.lost &= static_cast<lock_set>(~given_back);
        for (std::size_t i = 0; unlocking.lost == 0 && i < unlocking.views.size(); ++i) {
            unlocking.views[i]->attach();
        }
    }
}

void wal_index::revoke(user& losing) noexcept {
    const auto held = static_cast<lock_set>(losing.shared | losing.exclusive);
    unlock(losing, held);
    losing.lost |= held;
    for (const auto& view : losing.views) {
        view->detach();
    }
}

bool wal_index::log_is_copied() const noexcept {
    if (regions_.empty()) {
        return true;
    }
    const std::byte* const index = regions_.front()->bytes();
    return number_at(index + frames_copied) == number_at(index + frames);
}

void wal_index::invalidate() noexcept {
    if (!regions_.empty()) {
        std::memset(regions_.front()->bytes(), 0, header_size);
    }
}

} // namespace isolite::store
