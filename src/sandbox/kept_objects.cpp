#include "sandbox/kept_objects.hpp"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace isolite::sandbox {

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
    make(kind, memory.get(), database); // may come back here for another one
    if (const auto same = find(); same != objects_.end()) {
        same->made = ++made_;
    } else {
        objects_.push_back({type, kind, memory, ++made_});
    }
    return memory.get();
}

// SQLite has the youngest statement first.
void kept_objects::make(const object_kind& kind, void* memory, SQLite::Database& database) {
    sqlite3* const connection = database.getHandle();
    sqlite3_stmt* const before = sqlite3_next_stmt(connection, nullptr);
    kind.make(memory, database);
    for (sqlite3_stmt* each = nullptr;
         (each = sqlite3_next_stmt(connection, each)) != nullptr && each != before;) {
        statements_.insert(each);
    }
}

void kept_objects::end_since(std::size_t count) noexcept {
    for (auto each = objects_.rbegin(); each != objects_.rend(); ++each) {
        if (each->made > count) {
            each->made = 0;
            each->kind.end(each->memory.get());
        }
    }
    if (count == 0) {
        statements_.clear();
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
