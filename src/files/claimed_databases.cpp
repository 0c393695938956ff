#include "files/claimed_databases.hpp"

#include "error/warning.hpp"
#include "files/disk_images.hpp"
#include "files/patience.hpp"
#include "os/files.hpp"
#include "os/open_files.hpp"
#include "store/directory.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <numeric>
#include <utility>

namespace isolite::paths {

namespace {

/// What a file is before anybody opens it.
struct content {
    int code = SQLITE_OK;                      ///< Else why it cannot be opened.
    std::shared_ptr<const store::image> image; ///< Null: it is empty.
};

/// Returns the warning that opening a file of the disk deserves, or nothing: what SQLite would say
/// without isolite as well, the code under test is told.
std::optional<error> warning_of(const disk_reading& reading, const std::string& name) {
    if (reading.code == SQLITE_BUSY) {
        return error{
            errc::usage,
            "open '" + name + "' for tests: for a second somebody was writing to it on the disk",
            "end the transaction, or the program, that writes to it before a test opens it"};
    }
    if (reading.code == SQLITE_READONLY_ROLLBACK || reading.code == SQLITE_READONLY_RECOVERY) {
        return error{
            errc::usage,
            "open '" + name + "' for tests: there is a journal or a log beside it on the disk",
            "end the program that uses it, or open it once with SQLite, which clears that away"};
    }
    return std::nullopt;
}

/// Reads a file of the disk; what tests do to it stays in memory.
content read_from_disk(const std::string& name, bool may_create, sqlite3_vfs& disk) {
    const auto facts = os::look_behind(name);
    if (!facts) {
        const auto folder = std::filesystem::path(name).parent_path().string();
        return {may_create && os::may_write(folder) ? SQLITE_OK : SQLITE_CANTOPEN, nullptr};
    }
    if (!facts->is_regular()) {
        return {SQLITE_NOTFOUND, nullptr};
    }
    disk_reading reading = disk_images::of_process().read(disk, name);
    if (const auto problem = warning_of(reading, name)) {
        warnings::warn_once(*problem);
        return {SQLITE_CANTOPEN, nullptr};
    }
    return {reading.code, std::move(reading.image)};
}

content content_of(const std::string& name, const origin& from, int flags, sqlite3_vfs& disk) {
    if (!from.image) {
        return read_from_disk(name, (flags & SQLITE_OPEN_CREATE) != 0, disk);
    }
    auto image = from.image();
    if (!image) {
        warnings::warn_once(image.error());
        return {SQLITE_CANTOPEN, nullptr};
    }
    return {SQLITE_OK, *std::move(image)};
}

/// Returns how many pages were written in the uppermost layer. What has been put on it has taken
/// its first one, written or not.
std::size_t written_pages(store::store& file) {
    const std::size_t touched = file.touched_pages();
    return touched == 1 && file.changed_pages() == 0 ? 0 : touched;
}

} // namespace

claimed_databases& claimed_databases::of_process() {
    static auto* const all = new claimed_databases; // as the claims
    return *all;
}

int claimed_databases::provide(const std::string& full_name, const origin& from, int flags,
                               sqlite3_vfs& disk) {
    if (from.open) {
        const auto opened = from.open();
        if (!opened) {
            warnings::warn_once(opened.error());
        }
        const bool is_there = opened && store::directory::of_process().find(full_name);
        return is_there ? SQLITE_OK : SQLITE_CANTOPEN;
    }
    if (from.serve) {
        const auto served = from.serve(full_name);
        if (!served) {
            warnings::warn_once(served.error());
            return SQLITE_CANTOPEN;
        }
        if (*served) {
            return SQLITE_OK;
        }
    }
    const records::fixture_clock making;
    content made = content_of(full_name, from, flags, disk); // may open claimed files itself
    if (made.code != SQLITE_OK) {
        return made.code;
    }
    add(full_name, from.name, std::move(made.image));
    making.enter(records::fixture_kind::file_made, {from.name});
    return SQLITE_OK;
}

void claimed_databases::add(const std::string& full_name, const std::string& claim,
                            std::shared_ptr<const store::image> image) {
    const std::lock_guard guard(mutex_);
    const auto created = store::directory::of_process().create(full_name, std::move(image));
    if (!created) { // another thread was faster
        return;
    }
    created->keep_foreign_work();
    static_cast<void>(created->checkpoint());
    created->begin_session(static_cast<unsigned>(scopes_.size()), false);
    all_.emplace(full_name,
                 entry{created, scopes_.size(), claim, 0}); // beside one that was deleted
}

void claimed_databases::refuse(const std::string& full_name) {
    const std::lock_guard guard(mutex_);
    if (!scopes_.empty()) {
        scopes_.back().refused.push_back(full_name);
    }
}

// What a scope finds must be there before anything in it changes: a layer for each, but for the one
// that each has from its birth on. What is in the middle of a transaction would be committed in the
// scope, and go with it.
bool claimed_databases::ready(entry& each, std::size_t depth) {
    const auto session = static_cast<unsigned>(depth);
    if (!soon([&] { return !each.store->is_being_written(); })) {
        return false;
    }
    if (each.born_in == 0 && depth == 1) {
        return soon([&] { return each.store->settle(); });
    }
    if (!soon([&] { return each.store->checkpoint(); })) {
        return false;
    }
    each.store->begin_session(session, false);
    return true;
}

void claimed_databases::warn_of_early_files() {
    const std::uint64_t added = claims::of_process().count_added();
    if (std::exchange(known_claims_, added) == added) {
        return;
    }
    for (const std::string& name : os::files_open_for_writing("SQLite format 3")) {
        if (claims::of_process().find(name)) {
            warnings::warn_once(
                {errc::usage,
                 "keep '" + name + "' for tests: it was opened on the disk before it was claimed",
                 "claim it before it is opened: by isolite::files in main, or above the static "
                 "object that opens it, in the same source file"});
        }
    }
}

result<std::uint64_t> claimed_databases::enter(std::string_view test) {
    const std::lock_guard guard(mutex_);
    if (!scopes_.empty() && scopes_.back().test == test) {
        return 0;
    }
    const records::fixture_clock preparing;
    const std::size_t depth = scopes_.size() + 1;
    for (auto at = all_.begin(); at != all_.end(); ++at) {
        if (ready(at->second, depth)) {
            continue;
        }
        for (auto put = all_.begin(); put != at; ++put) {
            if (put->second.born_in > 0 || depth > 1) {
                put->second.store->discard();
            }
        }
        return tl::unexpected(locked_for_writing(test, at->first));
    }
    for (auto& [name, each] : all_) {
        each.openings = each.store->count_openings();
    }
    scopes_.push_back({++entered_, std::string(test), {}, preparing.span()});
    return entered_;
}

std::string claimed_databases::used_files::name() const {
    const std::string others =
        claims.size() > 1 ? " and " + std::to_string(claims.size() - 1) + " more" : "";
    return *claims.begin() + others;
}

std::size_t claimed_databases::departure::pages() const {
    return std::accumulate(
        files.begin(), files.end(), std::size_t(0),
        [](std::size_t sum, const file_outcome& each) { return sum + each.pages; });
}

// Only a scope that has used files is billed for them.
void claimed_databases::leave_innermost(departure& left) {
    const records::fixture_clock ending;
    const std::size_t pages = left.pages();
    const used_files used = put_back(left);
    remove_born_in(scopes_.size());
    const scope ended = std::move(scopes_.back());
    scopes_.pop_back();
    std::move(ended.refused.begin(), ended.refused.end(), std::back_inserter(left.refused));
    if (used.claims.empty()) {
        return;
    }
    const std::string name = used.name();
    if (used.were_there) {
        records::ledger::of_process().enter(records::fixture_kind::files_prepared,
                                            {name, ended.test}, ended.prepared);
    }
    ending.enter(records::fixture_kind::files_put_back, {name, ended.test, left.pages() - pages});
}

claimed_databases::used_files claimed_databases::put_back(departure& left) {
    const std::size_t depth = scopes_.size();
    used_files used;
    for (auto& [name, each] : all_) {
        const std::uint64_t openings = each.store->count_openings();
        const bool was_opened = std::exchange(each.openings, openings) != openings;
        file_outcome outcome{name, written_pages(*each.store),
                             each.store->foreign_work_in_progress()};
        if (each.born_in == depth || (each.born_in == 0 && depth == 1)) {
            each.store->rewind();
        } else {
            each.store->discard();
        }
        outcome.cut_off = each.store->kept_in_wal() && each.store->free_from_wal();
        each.store->end_session(static_cast<unsigned>(depth), scopes_.back().test);
        const bool is_told = outcome.pages > 0 || !outcome.unfinished.empty() || outcome.cut_off;
        if (is_told || was_opened) {
            used.claims.insert(each.claim);
            used.were_there = used.were_there || each.born_in < depth;
        }
        if (is_told) {
            left.files.push_back(std::move(outcome));
        }
    }
    return used;
}

// Which files there are goes with the scope. One that somebody still has open stays, as new, unless
// it was made in the place of another.
void claimed_databases::remove_born_in(std::size_t depth) {
    auto& files = store::directory::of_process();
    for (auto at = all_.begin(); at != all_.end();) {
        auto& [name, each] = *at;
        const bool goes = each.born_in == depth &&
                          (each.store->count_open() == 0 || all_.lower_bound(name) != at);
        if (goes && files.find(name) == each.store) {
            files.remove(name);
        }
        each.born_in = std::min(each.born_in, depth - 1);
        at = goes ? all_.erase(at) : std::next(at);
    }
    for (const auto& [name, each] : all_) { // which may have been deleted
        static_cast<void>(files.put(name, each.store));
    }
}

claimed_databases::departure claimed_databases::leave(std::uint64_t number) {
    const std::lock_guard guard(mutex_);
    departure left;
    const bool is_open =
        number != 0 && std::any_of(scopes_.begin(), scopes_.end(),
                                   [number](const scope& each) { return each.number == number; });
    while (is_open && scopes_.back().number >= number) {
        leave_innermost(left);
        if (scopes_.empty()) {
            break;
        }
    }
    return left;
}

std::vector<file_state> claimed_databases::touched() {
    const std::lock_guard guard(mutex_);
    std::vector<file_state> states;
    for (const auto& [name, each] : all_) {
        if (each.store->touched_pages() > 0) {
            states.push_back({name, each.store->freeze_checkpoint(), each.store->freeze()});
        }
    }
    return states;
}

error locked_for_writing(std::string_view test, const std::string& file) {
    return {errc::database,
            "begin '" + std::string(test) + "': a connection has '" + file + "' locked for writing",
            "end its transaction, or join its thread, before the test begins; with PRAGMA "
            "locking_mode = EXCLUSIVE open it in the test"};
}

} // namespace isolite::paths
