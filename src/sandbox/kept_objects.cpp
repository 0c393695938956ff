#include "sandbox/kept_objects.hpp"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <algorithm>
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

} // namespace

void* kept_objects::get(std::type_index type, const object_kind& kind, SQLite::Database& database) {
    const auto find = [this, type] {
        return std::find_if(objects_.begin(), objects_.end(),
                            [type](const object& each) { return each.type == type; });
    };
    const auto found = find();
    if (found != objects_.end() && found->made > 0) {
        return found->memory.get();
    }
    const std::shared_ptr<void> memory =
        found != objects_.end() ? found->memory : std::shared_ptr<void>(kind.allocate());
    auto statements = make(kind, memory.get(), database); // may come back here for another one
    auto same = find();
    if (same == objects_.end()) {
        same = objects_.insert(same, {type, kind, memory});
    }
    same->made = ++made_;
    same->statements = std::move(statements);
    return memory.get();
}

bool kept_objects::made(sqlite3_stmt* statement) const {
    return std::any_of(objects_.begin(), objects_.end(), [statement](const object& each) {
        return std::find(each.statements.begin(), each.statements.end(), statement) !=
               each.statements.end();
    });
}

void kept_objects::end_since(std::size_t count) noexcept {
    for (auto each = objects_.rbegin(); each != objects_.rend(); ++each) {
        if (each->made > count) {
            each->made = 0;
            each->statements.clear();
            each->kind.end(each->memory.get());
        }
    }
}

void kept_objects::make_all(SQLite::Database& database) {
    for (std::size_t i = 0; i < objects_.size(); ++i) {
        try {
            static_cast<void>(get(objects_[i].type, object_kind(objects_[i].kind), database));
        } catch (...) { // for instance because a suite changed what it needs: whoever asks hears it
        }
    }
}

void kept_objects::give_up() {
    static auto* const given_up = new std::vector<object>; // reachable for leak checkers
    for (object& each : objects_) {
        given_up->push_back(std::move(each));
    }
    objects_.clear();
}

} // namespace isolite::sandbox
