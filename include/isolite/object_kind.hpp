#pragma once

#include <memory>
#include <new>

namespace SQLite {
class Database;
}

namespace isolite {

/// How an object that is made from a connection is made and ended, in memory that stays its own:
/// when the connection is replaced the object is made anew in the same place.
struct object_kind {
    std::shared_ptr<void> (*allocate)();
    void (*make)(void* memory, SQLite::Database& database);
    void (*end)(void* object) noexcept;
};

/// Returns how an `Object` is made from `SQLite::Database&`.
template <typename Object>
object_kind kind_of() noexcept {
    constexpr std::align_val_t alignment{alignof(Object)};
    return {[] {
                return std::shared_ptr<void>(
                    ::operator new(sizeof(Object), alignment),
                    [](void* memory) { ::operator delete(memory, alignment); });
            },
            [](void* memory, SQLite::Database& database) { ::new (memory) Object(database); },
            [](void* object) noexcept { static_cast<Object*>(object)->~Object(); }};
}

} // namespace isolite
