#pragma once

#include <isolite/version.hpp>

#include <new>

namespace SQLite {
class Database;
}

namespace isolite {

/// How an object that is made from a connection is made and ended, in memory that stays its own:
/// when the connection is replaced the object is made anew in the same place.
struct object_kind {
    void* (*allocate)();
    void (*free)(void* memory) noexcept;
    void (*make)(void* memory, SQLite::Database& database);
    void (*end)(void* object) noexcept;
};

/// Returns how an `Object` is made from `SQLite::Database&`.
template <typename Object>
object_kind kind_of() noexcept {
    constexpr std::align_val_t alignment{alignof(Object)};
    return {[] { return ::operator new(sizeof(Object), alignment); },
            [](void* memory) noexcept { ::operator delete(memory, alignment); },
            [](void* memory, SQLite::Database& database) { ::new (memory) Object(database); },
            [](void* object) noexcept { static_cast<Object*>(object)->~Object(); }};
}

} // namespace isolite
