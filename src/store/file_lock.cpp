#include "store/file_lock.hpp"

namespace isolite::store {

bool file_lock::raise(lock_holder& holder, lock_level wanted) noexcept {
    if (holder.level >= wanted) {
        return true;
    }
    const bool has_other_writer = writer_ && writer_ != &holder;
    if (has_other_writer &&
        (wanted > lock_level::shared || writer_->level >= lock_level::pending)) {
        return false;
    }
    if (wanted == lock_level::exclusive && readers_ > 1) {
        // From shared, to roll back a hot journal, SQLite's own VFS takes no pending lock.
        if (holder.level == lock_level::reserved) {
            holder.level = lock_level::pending;
        }
        return false;
    }
    if (wanted == lock_level::shared) {
        ++readers_;
    } else {
        writer_ = &holder;
    }
    holder.level = wanted;
    return true;
}

void file_lock::lower(lock_holder& holder, lock_level wanted) noexcept {
    if (holder.level <= wanted) {
        return;
    }
    if (writer_ == &holder) {
        writer_ = nullptr;
    }
    if (wanted == lock_level::none) {
        --readers_;
    }
    holder.level = wanted;
}

} // namespace isolite::store
