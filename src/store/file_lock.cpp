#include "store/file_lock.hpp"

namespace isolite::store {

bool file_lock::raise(lock_holder& holder, lock_level wanted) noexcept {
    if (holder.level >= wanted) {
        return true;
    }
    if (wanted == lock_level::shared) {
        return raise_to_shared(holder);
    }
    if (writer_ && writer_ != &holder) {
        return false;
    }
    if (wanted == lock_level::reserved) {
        writer_ = &holder;
        holder.level = lock_level::reserved;
        return true;
    }
    return raise_to_exclusive(holder);
}

bool file_lock::raise_to_shared(lock_holder& holder) noexcept {
    if (writer_ && writer_->level >= lock_level::pending) {
        return false;
    }
    ++readers_;
    holder.level = lock_level::shared;
    return true;
}

bool file_lock::raise_to_exclusive(lock_holder& holder) noexcept {
    if (readers_ > 1) {
        // From shared, to roll back a hot journal, SQLite's own VFS takes no pending lock.
        if (holder.level == lock_level::reserved) {
            holder.level = lock_level::pending;
        }
        return false;
    }
    writer_ = &holder;
    holder.level = lock_level::exclusive;
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
