#pragma once

#include <isolite/object_kind.hpp>

#include <cstddef>
#include <memory>
#include <typeindex>
#include <vector>

namespace SQLite {
class Database;
}

struct sqlite3_stmt;

namespace isolite::sandbox {

/// The objects of code under test that live as long as a connection does, and are made anew in the
/// same place for the next one. Objects may ask for others in their constructors.
class kept_objects {
  public:
    kept_objects() = default;
    ~kept_objects() { end_all(); }
    kept_objects(const kept_objects&) = delete;
    kept_objects& operator=(const kept_objects&) = delete;

    /// Returns the object of a type, made now if there is none.
    /// Errors: throws what its constructor throws.
    [[nodiscard]] void* get(std::type_index type, const object_kind& kind,
                            SQLite::Database& database);

    /// Says whether an object made a statement in its constructor.
    [[nodiscard]] bool made(sqlite3_stmt* statement) const;

    /// Ends all objects, the last one first.
    void end_all() noexcept { end_since(0); }

    /// Returns how many objects have been made, ended ones included.
    [[nodiscard]] std::size_t count_made() const noexcept { return made_; }

    /// Ends the objects that were made when `count` had been, the last one first.
    void end_since(std::size_t count) noexcept;

    /// Makes all objects anew, but those whose constructors throw: `get` tries these again.
    void make_all(SQLite::Database& database);

    /// Gives up all objects as they are: they cannot even be ended. Their memory is never used
    /// again.
    void give_up();

  private:
    struct object {
        std::type_index type;
        object_kind kind;
        std::shared_ptr<void> memory;
        std::size_t made = 0;                       // its number; 0: it has ended
        std::vector<sqlite3_stmt*> statements = {}; // that its constructor made
    };

    std::vector<object> objects_; // in the order in which they were made first
    std::size_t made_ = 0;
};

} // namespace isolite::sandbox
