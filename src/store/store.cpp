#include "store/store.hpp"

#include "store/running_statements.hpp"

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

std::uint64_t store::size(part of) {
    const std::lock_guard guard(mutex_);
    return bytes(of).size();
}

bool store::raise_lock(holder& raising, lock_level wanted) {
    const std::lock_guard guard(mutex_);
    return !raising.revoked && lock_.raise(raising, wanted);
}

void store::lower_lock(holder& lowering, lock_level wanted) {
    const std::lock_guard guard(mutex_);
    lower(lowering, wanted);
    if (wanted == lock_level::none) {
        lowering.revoked = false;
    }
}

bool store::revoked(const holder& asking) {
    const std::lock_guard guard(mutex_);
    return asking.revoked;
}

void store::set_journal(const std::shared_ptr<store>& journal) {
    const std::lock_guard guard(mutex_);
    journal_ = journal;
}

std::uint64_t store::next_edition() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

std::uint64_t store::edition() {
    const std::lock_guard guard(mutex_);
    return edition_;
}

bool store::clear(part of) {
    const std::lock_guard guard(mutex_);
    const bool existed = bytes(of).size() > 0;
    bytes(of).truncate(0);
    return existed;
}

void store::clear(part of, std::uint64_t expected) {
    const std::lock_guard guard(mutex_);
    if (edition_ == expected) {
        bytes(of).truncate(0);
    }
}

bool store::has_writer() {
    const std::lock_guard guard(mutex_);
    return lock_.has_writer();
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
    ++open_files_;
}

void store::detach(holder& leaving) {
    const std::lock_guard guard(mutex_);
    index_.unmap(leaving.index);
    lower(leaving, lock_level::none);
    holders_.erase(std::find(holders_.begin(), holders_.end(), &leaving));
    --open_files_;
    owner_ = owner_ == &leaving ? nullptr : owner_;
}

std::byte* store::map_index(holder& mapping, std::size_t number, std::size_t size, bool extend) {
    const std::lock_guard guard(mutex_);
    return index_.map(mapping.index, number, size, extend);
}

void store::unmap_index(holder& leaving) {
    const std::lock_guard guard(mutex_);
    index_.unmap(leaving.index);
}

bool store::lock_index(holder& locking, wal_index::lock_set wanted, bool exclusive) {
    const std::lock_guard guard(mutex_);
    enter_wal_mode(locking);
    return !locking.revoked && (exclusive ? index_.lock_exclusive(locking.index, wanted)
                                          : index_.lock_shared(locking.index, wanted));
}

// A connection that lost its lock on the file on its way into WAL mode does not unlock the file any
// more. It has read nothing through the index yet, so that it can begin anew.
void store::enter_wal_mode(holder& entering) noexcept {
    if (entering.revoked && entering.index.attached && entering.level == lock_level::none &&
        lock_.raise(entering, lock_level::shared)) {
        entering.revoked = false;
    }
}

void store::unlock_index(holder& unlocking, wal_index::lock_set given_back) {
    const std::lock_guard guard(mutex_);
    index_.unlock(unlocking.index, given_back);
    if (unlocking.index.lost == 0) {
        unlocking.revoked = false;
    }
}

void store::set_owner(const holder* owner) {
    const std::lock_guard guard(mutex_);
    owner_ = owner;
}

bool store::checkpoint() {
    const std::lock_guard guard(mutex_);
    if (half_written_) {
        return false;
    }
    prepare_layer();
    put_layer();
    return true;
}

bool store::settle(bool records_commits) {
    const std::lock_guard guard(mutex_);
    records_commits_ = records_commits;
    commits_.clear();
    return settle_layer();
}

bool store::settle_layer() {
    const bool mode_returns = kept_in_wal_ && index_.users() == 0;
    if (!touched() && !mode_returns) {
        return true;
    }
    if (!owner_wrote_) {
        revoke_all();
        drop_layer(true);
    } else if (!half_written_) {
        file_.merge();
        wal_.merge();
        settle_journal_mode();
    } else {
        return false;
    }
    renew_layer();
    return true;
}

void store::prepare_layer() {
    header_.take_page();
    file_.prepare_checkpoint(0);
    wal_.prepare_checkpoint(log_.largest_write());
}

void store::renew_layer() noexcept {
    try {
        prepare_layer();
    } catch (const std::bad_alloc&) {
        // What the layer before had prepared is enough, but for what grew since.
    }
    put_layer();
}

void store::put_layer() noexcept {
    file_.put_checkpoint();
    wal_.put_checkpoint();
    owner_wrote_ = false;
}

void store::record_commits(bool wanted) {
    const std::lock_guard guard(mutex_);
    records_commits_ = wanted;
    commits_.clear();
}

void store::note_commit(const holder& committing) {
    const std::lock_guard guard(mutex_);
    half_written_ = false; // also where the lock is kept: PRAGMA locking_mode = EXCLUSIVE
    constexpr std::size_t most = 3;
    if (records_commits_ && commits_.size() < most) {
        commits_.push_back({{committing_statement(committing.connection), committing.left_by},
                            &committing == owner_});
    }
}

std::vector<commit> store::commits() {
    const std::lock_guard guard(mutex_);
    return commits_;
}

std::vector<foreign_work> store::foreign_work_in_progress() {
    const std::lock_guard guard(mutex_);
    std::vector<foreign_work> found;
    for (const holder* each : holders_) {
        if (each != owner_ && each->active()) {
            // The connection cannot be closed meanwhile: that needs the mutex of this store.
            found.push_back({unfinished_statement(each->connection), each->left_by});
        }
    }
    return found;
}

void store::note_left_open(const std::string& test) {
    if (open_files_ <= 1) {
        return;
    }
    const std::lock_guard guard(mutex_);
    for (holder* each : holders_) {
        if (each != owner_ && each->left_by.empty()) {
            each->left_by = test;
        }
    }
}

bool store::broken_off() {
    const std::lock_guard guard(mutex_);
    return broken_off_;
}

unsigned store::active_holders() {
    const std::lock_guard guard(mutex_);
    return count_active();
}

unsigned store::count_active() const noexcept {
    return static_cast<unsigned>(std::count_if(holders_.begin(), holders_.end(),
                                               [](const holder* each) { return each->active(); }));
}

std::size_t store::changed_pages() {
    const std::lock_guard guard(mutex_);
    return count_changed_pages();
}

std::size_t store::count_changed_pages() const {
    std::size_t changed = 0;
    file_.for_each_touched(
        [&changed](const auto& page) { changed += database_header::differs(page); });
    // A file that was only extended or cut within its last page differs in no byte.
    return std::max<std::size_t>(changed, file_.size() != file_.checkpoint_size());
}

std::size_t store::revoke_locks() {
    const std::lock_guard guard(mutex_);
    return revoke_all();
}

std::size_t store::revoke_all() {
    const bool writing = lock_.has_writer();
    std::size_t revoked = 0;
    for (holder* each : holders_) {
        if (!each->active()) {
            continue;
        }
        broken_off_ = broken_off_ || writing || each->index.exclusive != 0;
        index_.revoke(each->index);
        lower(*each, each->index.attached ? lock_level::shared : lock_level::none);
        each->revoked = true;
        ++revoked;
    }
    if (revoked > 0) {
        edition_ = next_edition();
    }
    if (const auto journal = journal_.lock(); journal && revoked > 0) {
        const std::lock_guard journal_guard(journal->mutex_);
        journal->file_.truncate(0);
        journal->edition_ = next_edition();
    }
    return revoked;
}

void store::lower(holder& lowering, lock_level wanted) noexcept {
    if (lowering.level > lock_level::shared && wanted <= lock_level::shared) {
        half_written_ = false;
    }
    lock_.lower(lowering, wanted);
}

std::size_t store::discard() {
    const std::lock_guard guard(mutex_);
    const std::size_t revoked = revoke_all();
    drop_layer(revoked > 0);
    return revoked;
}

std::size_t store::rewind() {
    const std::lock_guard guard(mutex_);
    const std::size_t revoked = revoke_all();
    drop_layer(revoked > 0);
    renew_layer();
    return revoked;
}

bool store::rewind_if_idle() {
    const std::lock_guard guard(mutex_);
    if (count_active() > 0 || kept_in_wal_) {
        return false;
    }
    drop_layer(false);
    renew_layer();
    return true;
}

bool store::rewind_if_clean() {
    const std::lock_guard guard(mutex_);
    if (count_active() > 0 || kept_in_wal_ || wal_.touched() || count_changed_pages() > 0) {
        return false;
    }
    if (touched()) {
        drop_layer(false);
        renew_layer();
    }
    return true;
}

bool store::kept_in_wal() {
    const std::lock_guard guard(mutex_);
    return kept_in_wal_;
}

void store::drop_layer(bool stamped) {
    stamped = stamped || touched();
    if (std::exchange(broken_off_, false)) {
        header_.note_broken_off();
    }
    header_.begin_restore();
    file_.discard();
    wal_.discard();
    if (stamped) {
        const bool new_cookie = header_.stamp();
        schema_generation_ += new_cookie ? 1 : 0;
        settle_journal_mode();
        renew_wal(new_cookie);
    }
}

void store::renew_wal(bool new_cookie) {
    index_.invalidate();
    if (log_.has_frames()) { // whose checksums make the header of the index one of its own
        if (new_cookie) {
            log_.stamp(header_.schema_cookie());
        }
    } else if (index_.users() > 0) {
        log_.renew();
    } else {
        log_.clear();
    }
}

void store::settle_journal_mode() {
    if (file_.size() < database_header::size) {
        kept_in_wal_ = false;
        return;
    }
    if (index_.users() > 0 && !header_.in_wal_mode()) {
        header_.set_wal_mode(true);
        kept_in_wal_ = true;
    } else if (index_.users() == 0 && kept_in_wal_) {
        header_.set_wal_mode(false);
        kept_in_wal_ = false;
    }
}

std::size_t store::depth() {
    const std::lock_guard guard(mutex_);
    return file_.depth();
}

std::shared_ptr<const image> store::freeze() {
    const std::lock_guard guard(mutex_);
    return file_.freeze();
}

std::shared_ptr<const image> store::freeze_checkpoint() {
    const std::lock_guard guard(mutex_);
    return file_.freeze_checkpoint();
}

} // namespace isolite::store
