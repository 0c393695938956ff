#include "store/store.hpp"

#include <algorithm>
#include <atomic>
#include <new>
#include <utility>

namespace isolite::store {

bool store::read(const holder& reader, part of, std::uint64_t offset, std::byte* to,
                 std::size_t count, std::size_t& available) {
    const std::lock_guard guard(mutex_);
    if (reader.revoked) {
        return false;
    }
    available = bytes(of).read(offset, to, count);
    return true;
}

bool store::write(const holder& writer, part of, std::uint64_t offset, const std::byte* from,
                  std::size_t count) {
    const std::lock_guard guard(mutex_);
    if (writer.revoked) {
        return false;
    }
    bytes(of).write(offset, from, count);
    owner_wrote_ = owner_wrote_ || &writer == owner_;
    if (of == part::wal) {
        if (log_.is_first_page(offset, count)) {
            header_.note_logged(from);
        }
        return true;
    }
    half_written_ = half_written_ || writer.level > lock_level::shared;
    if (offset < database_header::size) {
        header_.note_write();
    }
    return true;
}

bool store::truncate(const holder& writer, part of, std::uint64_t size) {
    const std::lock_guard guard(mutex_);
    if (writer.revoked) {
        return false;
    }
    bytes(of).truncate(size);
    return true;
}

bool store::raise_lock(holder& raising, lock_level wanted) {
    const std::lock_guard guard(mutex_);
    const bool raised = !raising.revoked && lock_.raise(raising, wanted);
    if (raised && wanted > lock_level::shared) {
        note_begun(raising, wanted == lock_level::exclusive);
    }
    // In WAL mode a connection that is closed tries in this way whether it is the last one.
    if (!raised && !raising.index.attached && owner_ && lock_.is_kept_by(*owner_, wanted)) {
        note_locked_out(raising);
    }
    return raised;
}

void store::lower_lock(holder& lowering, lock_level wanted) {
    const std::lock_guard guard(mutex_);
    lower(lowering, wanted);
    if (wanted == lock_level::none) {
        lowering.revoked = lowering.cut_off;
        lowering.busy_since = 0; // what it begins now is of the session that is open
    }
}

bool store::begin_unlocked_write(const holder& writer) {
    const std::lock_guard guard(mutex_);
    const bool is_alone = lock_.holders() == 0;
    if (is_alone) {
        broken_off_ = true; // it may be half written at the end of the layer, which no lock tells
    } else if (owner_ && lock_.is_kept_by(*owner_, lock_level::exclusive)) {
        note_locked_out(writer);
    }
    return is_alone;
}

std::shared_ptr<store> store::journal() {
    const std::lock_guard guard(mutex_);
    if (!journal_) {
        journal_ = std::make_shared<store>();
    }
    return journal_;
}

std::uint64_t store::next_edition() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

bool store::clear(part of, std::optional<std::uint64_t> expected) {
    const std::lock_guard guard(mutex_);
    const bool is_wanted = bytes(of).size() > 0 && edition_ == expected.value_or(edition_);
    if (is_wanted) {
        bytes(of).truncate(0);
    }
    return is_wanted;
}

void store::set_connection(holder& asking, sqlite3* const* connection) {
    const std::lock_guard guard(mutex_);
    // Only the first one can be read safely: a shared cache changes it at any time.
    asking.connection = asking.shared ? nullptr : *connection;
    asking.shared = true;
}

open_file* store::beside(const char* name) {
    const std::lock_guard guard(mutex_);
    const auto found = std::find_if(holders_.begin(), holders_.end(), [name](const holder* each) {
        return each->journal == name || each->log == name;
    });
    return found == holders_.end() ? nullptr : (*found)->file;
}

void store::attach(holder& arriving) {
    const std::lock_guard guard(mutex_);
    holders_.push_back(&arriving);
    arriving.opened_in = session_;
    ++open_files_;
    ++openings_;
}

void store::detach(holder& leaving) {
    const std::lock_guard guard(mutex_);
    index_.unmap(leaving.index);
    lower(leaving, lock_level::none);
    forget(leaving);
    holders_.erase(std::find(holders_.begin(), holders_.end(), &leaving));
}

void store::cut_off(holder& losing) {
    const std::lock_guard guard(mutex_);
    take_from(losing);
}

void store::take_from(holder& losing) {
    if (losing.level > lock_level::shared) {
        renew_editions();
    }
    revoke(losing);
    index_.cut_off(losing.index);
    lower(losing, lock_level::none);
    forget(losing);
    losing.cut_off = true;
}

void store::forget(const holder& gone) noexcept {
    open_files_ -= gone.cut_off ? 0 : 1;
    owner_ = owner_ == &gone ? nullptr : owner_;
}

std::byte* store::map_index(holder& mapping, std::size_t number, std::size_t size, bool extend) {
    const std::lock_guard guard(mutex_);
    return mapping.cut_off ? nullptr : index_.map(mapping.index, number, size, extend);
}

bool store::lock_index(holder& locking, wal_index::lock_set wanted, bool exclusive) {
    const std::lock_guard guard(mutex_);
    enter_wal_mode(locking);
    const bool locked =
        !locking.revoked && (exclusive ? index_.lock_exclusive(locking.index, wanted)
                                       : index_.lock_shared(locking.index, wanted));
    if (locked && exclusive && (wanted & wal_index::writing) != 0) {
        note_begun(locking, true);
    }
    if (!locked && owner_ && (owner_->index.exclusive & wanted & wal_index::writing) != 0) {
        note_locked_out(locking);
    }
    return locked;
}

// A connection that lost its lock on the file on its way into WAL mode does not unlock the file any
// more. It has read nothing through the index yet, so that it can begin anew.
void store::enter_wal_mode(holder& entering) noexcept {
    if (entering.revoked && entering.index.attached && entering.level == lock_level::none &&
        lock_.raise(entering, lock_level::shared)) {
        entering.revoked = false;
        entering.busy_since = 0;
    }
}

void store::unlock_index(holder& unlocking, wal_index::lock_set given_back) {
    const std::lock_guard guard(mutex_);
    index_.unlock(unlocking.index, given_back);
    if (unlocking.index.lost == 0) {
        unlocking.revoked = unlocking.cut_off;
        unlocking.busy_since = unlocking.index.active() ? unlocking.busy_since : 0;
    }
}

void store::lower(holder& lowering, lock_level wanted) noexcept {
    if (lowering.level > lock_level::shared && wanted <= lock_level::shared) {
        half_written_ = false;
    }
    lock_.lower(lowering, wanted);
}

file_content store::content_of_checkpoint() {
    const std::lock_guard guard(mutex_);
    file_content content = file_.content_of_checkpoint();
    if (wal_.checkpoint_size() > 0) {
        layered_file log(wal_.freeze_checkpoint());
        write_ahead_log(log).add_to(content);
    }
    const auto first = content.pages.find(0);
    if (first != content.pages.end() && content.base_pages > 0) {
        const std::byte* const image = content.base->page(0);
        if (database_header::differs({0, image, first->second.data()})) {
            database_header::take_counters(first->second.data(), image);
        } else {
            content.pages.erase(first);
        }
    }
    return content;
}

} // namespace isolite::store
