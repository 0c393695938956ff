#include "sandbox/kept_objects.hpp"

#include "sandbox/connection_tally.hpp"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace isolite::sandbox {

namespace {

/// Returns the statements that were made meanwhile. SQLite has the youngest first.
std::vector<sqlite3_stmt*> make(const object_kind& kind, void* memory, SQLite::Database& database) {
    sqlite3* const connection = database.getHandle();
    sqlite3_stmt* const before = sqlite3_next_stmt(connection, nullptr);
    kind.make(memory, database);
    std::vector<sqlite3_stmt*> made;
    for (sqlite3_stmt* each = nullptr;
         (each = sqlite3_next_stmt(connection, each)) != nullptr && each != before;) {
        made.push_back(each);
    }
    return made;
}

/// Counts statements that were heard as a change and change nothing before they run.
std::uint64_t count_waiting(const std::vector<sqlite3_stmt*>& made) {
    const auto waits = [](sqlite3_stmt* each) {
        const char* const sql = sqlite3_sql(each); // a BLOB handle has none
        return sql &&
               (sqlite3_strlike("%pragma%max_page_count%=%", sql, 0) == 0 ||
                sqlite3_strlike("%pragma%max_page_count%(%", sql, 0) == 0) &&
               sqlite3_stmt_status(each, SQLITE_STMTSTATUS_RUN, 0) == 0;
    };
    return static_cast<std::uint64_t>(std::count_if(made.begin(), made.end(), waits));
}

} // namespace

std::vector<kept_objects::object>::iterator kept_objects::find(std::type_index type) {
    return std::find_if(objects_.begin(), objects_.end(),
                        [type](const object& each) { return each.type == type; });
}

void* kept_objects::get(std::type_index type, const object_kind& kind, SQLite::Database& database) {
    const auto found = find(type);
    if (found != objects_.end() && found->made > 0 && !found->is_outdated) {
        met_change_ = met_change_ || found->changes;
        return found->memory.get();
    }
    const std::shared_ptr<void> memory =
        found != objects_.end() ? found->memory : std::shared_ptr<void>(kind.allocate(), kind.free);
    if (found != objects_.end() && found->is_outdated) {
        end(*found);
    }
    const bool met_before = std::exchange(met_change_, false);
    const connection_tally before(database.getHandle(), schema_changes_);
    auto statements = make(kind, memory.get(), database); // may come back here for another one
    const std::uint64_t schema_changes = schema_changes_ - count_waiting(statements);
    const bool changes =
        met_change_ || before != connection_tally(database.getHandle(), schema_changes);
    met_change_ = met_before || changes;
    auto same = find(type);
    if (same == objects_.end()) {
        same = objects_.insert(same, {type, kind, memory});
    }
    same->made = ++made_;
    same->first_made = made_;
    same->statements = std::move(statements);
    same->changes = changes;
    return memory.get();
}

bool kept_objects::made(sqlite3_stmt* statement) const {
    return std::any_of(objects_.begin(), objects_.end(), [statement](const object& each) {
        return std::find(each.statements.begin(), each.statements.end(), statement) !=
               each.statements.end();
    });
}

void kept_objects::end(object& ended) noexcept {
    ended.made = 0;
    ended.statements.clear();
    ended.is_outdated = false;
    ended.kind.end(ended.memory.get());
}

void kept_objects::end_all() noexcept {
    for (auto each = objects_.rbegin(); each != objects_.rend(); ++each) {
        if (each->made > 0) {
            end(*each);
        }
    }
}

void kept_objects::outdate_since(std::size_t count) noexcept {
    for (object& each : objects_) {
        each.is_outdated =
            each.is_outdated || (each.made > 0 && each.changes && each.first_made > count);
    }
}

void kept_objects::end_since(std::size_t count) noexcept {
    for (auto each = objects_.rbegin(); each != objects_.rend(); ++each) {
        if (each->made > count && !each->is_outdated) {
            end(*each);
        }
    }
}

bool kept_objects::make_all(SQLite::Database& database) {
    std::vector<object> ended;
    std::copy_if(objects_.begin(), objects_.end(), std::back_inserter(ended),
                 [](const object& each) { return each.made == 0; });
    const object* ends_transaction = nullptr;
    for (const object& each : ended) {
        try {
            static_cast<void>(get(each.type, each.kind, database));
        } catch (...) { // for instance because a suite changed what it needs: whoever asks hears it
        }
        if (sqlite3_get_autocommit(database.getHandle()) != 0) {
            ends_transaction = &each;
            break;
        }
    }
    bool any_changed = false;
    for (const object& before : ended) {
        object& now = *find(before.type);
        now.first_made = before.first_made;
        if (now.made > 0) {
            now.is_outdated = (now.changes && !before.changes) || &before == ends_transaction;
            now.changes = now.changes || before.changes;
            any_changed = any_changed || now.is_outdated;
        }
    }
    return any_changed;
}

void kept_objects::give_up() {
    static auto* const given_up = new std::vector<object>; // reachable for leak checkers
    for (object& each : objects_) {
        given_up->push_back(std::move(each));
    }
    objects_.clear();
}

} // namespace isolite::sandbox
