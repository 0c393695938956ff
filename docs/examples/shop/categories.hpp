#pragma once

#include "statements.hpp"

#include <vector>

namespace shop {

/// A place in the tree of the catalog.
struct category {
    std::int64_t id;
    std::optional<std::int64_t> parent_id; ///< none for a department
    std::string slug;
    std::string name;
};

/// Keeps the tree of categories.
class categories {
  public:
    explicit categories(SQLite::Database& db) : sql_(db) {}

    /// Adds a category. Ensures: its id.
    /// Errors: "there is no category N", "a category needs a name",
    /// "the slug 's' is already taken".
    std::int64_t add(const std::string& slug, const std::string& name,
                     std::optional<std::int64_t> parent_id = std::nullopt);
    /// Finds a category by its id.
    std::optional<category> find(std::int64_t id);
    /// Finds a category by its id. Errors: "there is no category N".
    category get(std::int64_t id);
    /// Finds a category by its slug.
    std::optional<category> find_by_slug(const std::string& slug);
    /// Lists the categories without a parent, by id.
    std::vector<category> departments();
    /// Lists the direct children of a category, by id.
    std::vector<category> children_of(std::int64_t id);
    /// Lists the way from the department down to the category itself.
    std::vector<category> path_to(std::int64_t id);
    /// Writes that way for people: "Kitchen / Pan".
    std::string breadcrumb(std::int64_t id);
    /// Counts all categories.
    std::int64_t count();

    /// Renames a category. Errors: "there is no category N", "a category needs a name".
    void rename(std::int64_t id, const std::string& name);
    /// Moves a category under another one; none makes it a department.
    /// Errors: "there is no category N", "category N cannot be moved below itself".
    void move(std::int64_t id, std::optional<std::int64_t> new_parent_id);
    /// Removes an empty category.
    /// Errors: "there is no category N", "category N still has categories below it",
    /// "category N still has products".
    void remove(std::int64_t id);

  private:
    statements sql_;
};

} // namespace shop
