#pragma once

#include <isolite/object_kind.hpp>

#include <cstddef>
#include <cstdint>
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
///
/// One whose constructor changes something, the database or the connection, is good for the session
/// in which it was made, where that is undone. From then on it is outdated: it stays alive, since
/// somebody may have a reference to it, and is made anew when it is asked for.
class kept_objects {
  public:
    /// `schema_changes` counts what may change a schema or the connection.
    explicit kept_objects(const std::uint64_t& schema_changes) noexcept
        : schema_changes_(schema_changes) {}
    ~kept_objects() { end_all(); }
    kept_objects(const kept_objects&) = delete;
    kept_objects& operator=(const kept_objects&) = delete;

    /// Returns the object of a type, made now if there is none or it is outdated.
    /// Errors: throws what its constructor throws.
    [[nodiscard]] void* get(std::type_index type, const object_kind& kind,
                            SQLite::Database& database);

    /// Says whether an object made a statement in its constructor.
    [[nodiscard]] bool made(sqlite3_stmt* statement) const;

    /// Ends all objects, the last one first.
    void end_all() noexcept;

    /// Ends all but those that are outdated, the last one first.
    void end_current() noexcept { end_since(0); }

    /// Returns how many objects have been made, ended ones included.
    [[nodiscard]] std::size_t count_made() const noexcept { return made_; }

    /// Says that what was changed is undone since `count` objects had been made.
    void undo_since(std::size_t count) noexcept {
        if (made_ != count) {
            outdate_since(count);
        }
    }

    /// Ends the objects that were made when `count` had been, the last one first, but those that
    /// are outdated.
    void end_since(std::size_t count) noexcept;

    /// Says whether there are any.
    [[nodiscard]] bool is_empty() const noexcept { return objects_.empty(); }

    /// Makes all objects anew, but those that are outdated and those whose constructors throw:
    /// `get` makes these. Returns whether any changed something that had not done so before; it is
    /// outdated, and so is one that ends the transaction, behind which no more are made.
    /// Requires: a transaction, and that what is changed will be undone.
    [[nodiscard]] bool make_all(SQLite::Database& database);

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
        std::size_t first_made = 0;                 // the same, when it was asked for
        bool changes = false;                       // its constructor changed something,
        bool is_outdated = false;                   // which is undone
    };

    [[nodiscard]] std::vector<object>::iterator find(std::type_index type);
    static void end(object& ended) noexcept;
    void outdate_since(std::size_t count) noexcept;

    std::vector<object> objects_; // in the order in which they were made first
    std::size_t made_ = 0;
    bool met_change_ = false; // one was returned whose constructor changed something
    const std::uint64_t& schema_changes_;
};

} // namespace isolite::sandbox
