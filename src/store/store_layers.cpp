#include "store/store.hpp"

#include "store/open_file.hpp"
#include "text/statement_text.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

// What a session asks of a database: layers, who works on it, and what differs.

// A SQLite without threads has neither, nor a mutex to call them with.
extern "C" __attribute__((weak)) int sqlite3_mutex_try(sqlite3_mutex*);
extern "C" __attribute__((weak)) void sqlite3_mutex_leave(sqlite3_mutex*);

namespace isolite::store {

namespace {

/// Requires: the calling thread is inside of a call on the connection.
bool runs_a_statement(sqlite3* connection) {
    sqlite3_stmt* each = sqlite3_next_stmt(connection, nullptr);
    while (each && sqlite3_stmt_busy(each) == 0) {
        each = sqlite3_next_stmt(connection, each);
    }
    return each != nullptr;
}

/// Says whether a database of the connection has a journal beyond this VFS, in memory.
/// Requires: as above.
bool has_other_journal(sqlite3* connection) {
    const char* schema = nullptr;
    for (int i = 0; (schema = sqlite3_db_name(connection, i)); ++i) {
        sqlite3_file* journal = nullptr;
        sqlite3_file_control(connection, schema, SQLITE_FCNTL_JOURNAL_POINTER, &journal);
        if (journal && journal->pMethods && journal->pMethods != &file_methods()) {
            return true;
        }
    }
    return false;
}

/// Says which of the running statements comes first: one that writes is likelier to commit than
/// one that controls transactions, and that than a query which was left in the middle.
int rank(sqlite3_stmt* statement) {
    if (sqlite3_stmt_readonly(statement) == 0) {
        return 3;
    }
    return sqlite3_column_count(statement) == 0 ? 2 : 1;
}

/// Returns the statement that commits on a connection, "" when none is known.
/// Requires: the calling thread is inside of that connection's COMMIT.
std::string committing_statement(sqlite3* connection) {
    if (!connection) {
        return {};
    }
    sqlite3_stmt* found = nullptr;
    for (sqlite3_stmt* each = sqlite3_next_stmt(connection, nullptr); each;
         each = sqlite3_next_stmt(connection, each)) {
        if (sqlite3_stmt_busy(each) != 0 && (!found || rank(each) > rank(found))) {
            found = each;
        }
    }
    const char* const sql = found ? sqlite3_sql(found) : nullptr;
    return sql ? text::statement_text(sql) : std::string();
}

/// Returns what a connection is in the middle of: the statement that writes where there are
/// several. Nothing is known when another thread is inside of a call on the connection.
foreign_work unfinished_work(const holder& user) {
    foreign_work found{{}, user.left_by};
    // Without a mutex nobody can tell whether another thread is using the connection.
    sqlite3_mutex* const mutex = user.connection ? sqlite3_db_mutex(user.connection) : nullptr;
    if (mutex && sqlite3_mutex_try(mutex) == SQLITE_OK) {
        found.sql = committing_statement(user.connection);
        found.in_transaction = sqlite3_get_autocommit(user.connection) == 0;
        sqlite3_mutex_leave(mutex);
    }
    return found;
}

} // namespace

bool store::checkpoint() {
    const std::lock_guard guard(mutex_);
    if (half_written_) {
        return false;
    }
    prepare_layer();
    put_layer();
    return true;
}

void store::begin(unsigned session, bool records_commits) noexcept {
    session_.store(session, std::memory_order_relaxed);
    records_commits_ = records_commits;
    commits_.clear();
    if (disturbed_ || has_locked_out_) { // asking costs less than writing
        disturbed_ = false;
        has_locked_out_ = false;
        locked_out_.reset();
    }
    for (holder* each : holders_) {
        const bool known = each->busy_since != 0 && each->busy_since < session;
        each->busy_since = !each->busy() ? 0 : known ? each->busy_since : session;
    }
}

bool store::settle(bool records_commits) {
    const std::lock_guard guard(mutex_);
    if (touched() || mode_returns()) {
        if (!owner_wrote_ && !keeps_foreign_work_) {
            revoke_all();
            drop_layer(true);
        } else if (!half_written_) {
            file_.merge();
            wal_.merge();
            header_.note_merged();
            settle_journal_mode();
        } else {
            return false;
        }
        renew_layer();
    }
    begin(1, records_commits);
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

void store::note_commit(const holder& committing) {
    const std::lock_guard guard(mutex_);
    half_written_ = false; // also where the lock is kept: PRAGMA locking_mode = EXCLUSIVE
    constexpr std::size_t most = 3;
    const bool disturbs = !committing.left_by.empty();
    disturbed_ = disturbed_ || disturbs;
    if ((records_commits_ || disturbs) && commits_.size() < most) {
        commits_.push_back({{committing_statement(committing.connection), committing.left_by},
                            &committing == owner_});
    }
}

// A backup wants the whole lock, of a database in WAL mode that of the log, before anything is in
// the journal. No statement runs then, nor where what one has written is moved from the cache of
// SQLite.
void store::note_begun(const holder& writing, bool may_restore) {
    if (&writing == owner_) {
        begun_by_backup_ = may_restore && records_commits_ && writing.connection &&
                           (!journal_ || journal_->size() == 0) &&
                           !runs_a_statement(writing.connection) &&
                           !has_other_journal(writing.connection);
    }
}

void store::note_locked_out(const holder& refused) {
    if (records_commits_ && !locked_out_ && &refused != owner_ && refused.left_by.empty() &&
        !refused.revoked) {
        locked_out_ = committing_statement(refused.connection);
        has_locked_out_ = true;
    }
}

void store::forget_commits() {
    const std::lock_guard guard(mutex_);
    commits_.clear();
    disturbed_ = false;
}

std::vector<foreign_work> store::foreign_work_in_progress() {
    const std::lock_guard guard(mutex_);
    std::vector<foreign_work> found;
    for (const holder* each : holders_) {
        if (each != owner_ && each->busy() && each->busy_since == 0) {
            // The connection cannot be closed meanwhile: that needs the mutex of this store.
            found.push_back(unfinished_work(*each));
        }
    }
    return found;
}

void store::begin_session(unsigned session, bool records_commits) {
    const std::lock_guard guard(mutex_);
    begin(session, records_commits);
}

bool store::end_session(unsigned session, const std::string& test) {
    session_.store(session - 1, std::memory_order_relaxed);
    if (open_files_ == (has_owner_ ? 1 : 0)) { // the owner's, mostly
        return false;
    }
    const std::lock_guard guard(mutex_);
    bool any = false;
    for (holder* each : holders_) {
        if (each->busy_since == session) {
            each->busy_since = 0;
        }
        if (each->opened_in >= session && each != owner_ && !each->cut_off) {
            each->opened_in = 0;
            each->left_by = test;
            any = true;
        }
    }
    return any;
}

bool store::is_being_written() {
    const std::lock_guard guard(mutex_);
    return std::any_of(holders_.begin(), holders_.end(),
                       [](const holder* each) { return each->writes(); });
}

std::size_t store::active_holders() {
    const std::lock_guard guard(mutex_);
    const auto active = [](const holder* each) { return each->active(); };
    return static_cast<std::size_t>(std::count_if(holders_.begin(), holders_.end(), active));
}

std::size_t store::touched_pages() {
    const std::lock_guard guard(mutex_);
    std::uint64_t journaled = 0;
    if (journal_ && lock_.has_writer()) {
        journaled = journal_->size() / page_size;
    }
    return std::max(file_.touched_pages() + wal_.touched_pages(),
                    static_cast<std::size_t>(journaled));
}

std::size_t store::count_changed_pages() const {
    std::size_t changed = 0;
    file_.for_each_touched(
        [&changed](const auto& page) { changed += database_header::differs(page); });
    // A file that was only extended or cut within its last page differs in no byte.
    return std::max<std::size_t>(changed, file_.size() != file_.checkpoint_size());
}

bool store::is_in_the_way(const holder& each) const noexcept {
    // Who reads what nothing will change may read on.
    return each.active() && (each.busy_since == 0 || file_.depth() == 0 || touched());
}

bool store::is_idle() const noexcept {
    return !kept_in_wal_ && std::none_of(holders_.begin(), holders_.end(),
                                         [this](const auto* each) { return is_in_the_way(*each); });
}

std::size_t store::revoke_all(const holder* spared) {
    std::size_t revoked = 0;
    for (holder* each : holders_) {
        if (each != spared && is_in_the_way(*each)) {
            revoke(*each);
            ++revoked;
        }
    }
    if (revoked > 0) {
        renew_editions();
        clear_journal();
    }
    return revoked;
}

void store::revoke(holder& losing) {
    broken_off_ = broken_off_ || losing.level > lock_level::shared || losing.index.exclusive != 0;
    index_.revoke(losing.index);
    lower(losing, losing.index.attached ? lock_level::shared : lock_level::none);
    losing.revoked = true;
    losing.busy_since = std::max(losing.busy_since, 1U);
}

void store::renew_editions() {
    edition_ = next_edition();
    if (journal_) {
        const std::lock_guard guard(journal_->mutex_);
        journal_->edition_ = next_edition();
    }
}

void store::clear_journal() {
    if (journal_) {
        (void)journal_->clear(part::database);
    }
}

std::size_t store::discard() {
    const std::lock_guard guard(mutex_);
    const std::size_t revoked = revoke_all();
    drop_layer(revoked > 0);
    return revoked;
}

void store::end_layer() {
    const std::lock_guard guard(mutex_);
    drop_layer(revoke_all(touched() ? nullptr : owner_) > 0);
}

std::size_t store::rewind() {
    const std::lock_guard guard(mutex_);
    const std::size_t revoked = revoke_all();
    drop_layer(revoked > 0);
    renew_layer();
    return revoked;
}

bool store::rewind_quietly(bool only_if_clean) {
    const std::lock_guard guard(mutex_);
    if (!is_idle() || (only_if_clean && (wal_.touched() || count_changed_pages() > 0))) {
        return false;
    }
    if (touched() || broken_off_) {
        drop_layer(false);
        renew_layer();
    }
    return true;
}

bool store::free_from_wal() {
    bool any = false;
    const std::lock_guard guard(mutex_);
    for (holder* each : holders_) {
        const bool is_of_test = each->opened_in == session_ || !each->left_by.empty();
        if (kept_in_wal_ && each->index.attached && each != owner_ && is_of_test) {
            take_from(*each);
            any = true;
        }
    }
    if (any) {
        drop_layer(true);
        renew_layer();
    }
    return any;
}

void store::drop_layer(bool stamped) {
    stamped = stamped || touched() || mode_returns();
    if (std::exchange(broken_off_, false)) {
        clear_journal(); // that of a connection that was cut off is still there
        header_.note_broken_off();
    }
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
    if (log_.has_commits()) { // whose checksums make the header of the index one of its own
        if (new_cookie) {
            log_.stamp(header_.schema_cookie(), file_);
        }
    } else if (index_.users() > 0) {
        log_.renew();
    } else {
        log_.clear();
    }
}

void store::settle_journal_mode() {
    if (file_.size() < database_header::size) {
        kept_in_wal_ = index_.users() > 0;
        return;
    }
    if (index_.users() > 0 && !header_.in_wal_mode()) {
        header_.set_wal_mode(true);
        kept_in_wal_ = true;
    } else if (mode_returns()) {
        header_.set_wal_mode(false);
        kept_in_wal_ = false;
    }
}

} // namespace isolite::store
