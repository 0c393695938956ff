#include "files/claimed_databases.hpp"

#include "error/warning.hpp"
#include "files/patience.hpp"
#include "os/descriptor.hpp"
#include "os/files.hpp"
#include "os/open_files.hpp"
#include "store/directory.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

namespace isolite::paths {

namespace {

/// What a file is before anybody opens it.
struct content {
    std::shared_ptr<const store::image> image; ///< Null: it is new and empty.
    bool is_there = false;
};

/// Says whether a program left a database half written, or in its log.
bool has_companion(const std::string& name) {
    const auto is_filled = [&name](const char* suffix) {
        const auto facts = os::look_behind(name + suffix);
        return facts && facts->bytes > 0;
    };
    return is_filled("-journal") || is_filled("-wal");
}

/// Reads a file of the disk; what tests do to it stays in memory. Nothing: it cannot be a database.
std::optional<content> read_from_disk(const std::string& name, bool may_create) {
    const auto facts = os::look_behind(name);
    if (!facts) {
        const auto folder = std::filesystem::path(name).parent_path().string();
        const bool can_be_made = may_create && os::may_write(folder);
        return can_be_made ? std::optional(content{}) : std::nullopt;
    }
    if (!facts->is_regular()) {
        return std::nullopt;
    }
    if (has_companion(name)) {
        warnings::warn_once(
            {errc::usage,
             "open '" + name + "' for tests: there is a journal or a log beside it on the disk",
             "end the program that uses it, or open it once with SQLite, which clears that away"});
        return std::nullopt;
    }
    const std::string text = os::descriptor::open(name, os::descriptor::opening::read).content();
    const auto* const first = reinterpret_cast<const std::byte*>(text.data());
    std::vector<std::byte> bytes(first, first + text.size());
    return content{text.empty() ? nullptr : std::make_shared<store::image>(std::move(bytes)), true};
}

std::optional<content> content_of(const std::string& name, const origin& from, int flags) {
    if (!from.image) {
        return read_from_disk(name, (flags & SQLITE_OPEN_CREATE) != 0);
    }
    auto image = from.image();
    if (!image) {
        warnings::warn_once(image.error());
        return std::nullopt;
    }
    return content{*std::move(image), true};
}

} // namespace

claimed_databases& claimed_databases::of_process() {
    static auto* const all = new claimed_databases; // as the claims
    return *all;
}

int claimed_databases::provide(const std::string& full_name, const origin& from, int flags) {
    auto& files = store::directory::of_process();
    if (from.open) {
        const auto opened = from.open();
        if (!opened) {
            warnings::warn_once(opened.error());
        }
        return opened && files.find(full_name) ? SQLITE_OK : SQLITE_CANTOPEN;
    }
    auto made = content_of(full_name, from, flags); // which may open claimed files itself
    if (!made || (!made->is_there && (flags & SQLITE_OPEN_CREATE) == 0)) {
        return SQLITE_CANTOPEN;
    }
    const std::lock_guard guard(mutex_);
    const auto created = files.create(full_name, std::move(made->image));
    if (!created) { // another thread was faster
        return SQLITE_OK;
    }
    created->keep_foreign_work();
    static_cast<void>(created->checkpoint());
    created->begin_session(static_cast<unsigned>(scopes_.size()), false);
    all_.emplace(full_name, entry{created, scopes_.size()}); // beside one that was deleted
    return SQLITE_OK;
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
                 "claim it before the code under test opens it: in main, in a static variable, or "
                 "by ISOLITE_FILES"});
        }
    }
}

result<std::uint64_t> claimed_databases::enter(std::string_view test) {
    const std::lock_guard guard(mutex_);
    if (!scopes_.empty() && scopes_.back().test == test) {
        return 0;
    }
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
    scopes_.push_back({++entered_, std::string(test), {}});
    return entered_;
}

void claimed_databases::leave_innermost(departure& left) {
    const std::size_t depth = scopes_.size();
    for (auto& [name, each] : all_) {
        file_outcome outcome{name, each.store->touched_pages(),
                             each.store->foreign_work_in_progress()};
        if (each.born_in == depth || (each.born_in == 0 && depth == 1)) {
            each.store->rewind();
        } else {
            each.store->discard();
        }
        outcome.cut_off = each.store->kept_in_wal() && each.store->free_from_wal();
        each.store->end_session(static_cast<unsigned>(depth), scopes_.back().test);
        if (outcome.pages > 0 || !outcome.unfinished.empty() || outcome.cut_off) {
            left.files.push_back(std::move(outcome));
        }
    }
    remove_born_in(depth);
    std::move(scopes_.back().refused.begin(), scopes_.back().refused.end(),
              std::back_inserter(left.refused));
    scopes_.pop_back();
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
