#include "categories.hpp"

#include "error.hpp"

#include <algorithm>

namespace shop {
namespace {

category category_in(const cursor& row) {
    return {row.integer(0), row.optional_integer(1), row.text(2), row.text(3)};
}

std::vector<category> categories_in(cursor&& rows) {
    std::vector<category> found;
    while (rows.next())
        found.push_back(category_in(rows));
    return found;
}

void check_name(const std::string& name) {
    if (name.empty())
        throw error("a category needs a name");
}

std::string called(std::int64_t id) {
    return "category " + std::to_string(id);
}

} // namespace

std::int64_t categories::add(const std::string& slug, const std::string& name,
                             std::optional<std::int64_t> parent_id) {
    check_name(name);
    if (parent_id)
        get(*parent_id);
    std::int64_t id = 0;
    unless_taken(
        [&] {
            id = sql_.insert("INSERT INTO categories (parent_id, slug, name) VALUES (?, ?, ?)",
                             parent_id, slug, name);
        },
        "the slug '" + slug + "' is already taken");
    return id;
}

std::optional<category> categories::find(std::int64_t id) {
    cursor row = sql_.select("SELECT id, parent_id, slug, name FROM categories WHERE id = ?", id);
    return row.next() ? std::optional(category_in(row)) : std::nullopt;
}

category categories::get(std::int64_t id) {
    auto found = find(id);
    if (!found)
        throw error("there is no " + called(id));
    return *found;
}

std::optional<category> categories::find_by_slug(const std::string& slug) {
    cursor row =
        sql_.select("SELECT id, parent_id, slug, name FROM categories WHERE slug = ?", slug);
    return row.next() ? std::optional(category_in(row)) : std::nullopt;
}

std::vector<category> categories::departments() {
    return categories_in(sql_.select(
        "SELECT id, parent_id, slug, name FROM categories WHERE parent_id IS NULL ORDER BY id"));
}

std::vector<category> categories::children_of(std::int64_t id) {
    return categories_in(sql_.select(
        "SELECT id, parent_id, slug, name FROM categories WHERE parent_id = ? ORDER BY id", id));
}

std::vector<category> categories::path_to(std::int64_t id) {
    get(id);
    return categories_in(sql_.select(R"(
        WITH RECURSIVE path (id, parent_id, slug, name, steps_up) AS (
            SELECT id, parent_id, slug, name, 0 FROM categories WHERE id = ?
            UNION ALL
            SELECT c.id, c.parent_id, c.slug, c.name, p.steps_up + 1
            FROM path AS p JOIN categories AS c ON c.id = p.parent_id
        )
        SELECT id, parent_id, slug, name FROM path ORDER BY steps_up DESC)",
                                     id));
}

std::string categories::breadcrumb(std::int64_t id) {
    std::string written;
    for (const category& step : path_to(id))
        written += (written.empty() ? "" : " / ") + step.name;
    return written;
}

std::int64_t categories::count() {
    return sql_.number("SELECT count(*) FROM categories");
}

void categories::rename(std::int64_t id, const std::string& name) {
    check_name(name);
    if (sql_.change("UPDATE categories SET name = ? WHERE id = ?", name, id) == 0)
        throw error("there is no " + called(id));
}

void categories::move(std::int64_t id, std::optional<std::int64_t> new_parent_id) {
    get(id);
    if (new_parent_id) {
        const auto above = path_to(*new_parent_id);
        const auto is_moved = [id](const category& step) { return step.id == id; };
        if (std::any_of(above.begin(), above.end(), is_moved))
            throw error(called(id) + " cannot be moved below itself");
    }
    sql_.change("UPDATE categories SET parent_id = ? WHERE id = ?", new_parent_id, id);
}

void categories::remove(std::int64_t id) {
    get(id);
    if (sql_.number("SELECT count(*) FROM categories WHERE parent_id = ?", id) > 0)
        throw error(called(id) + " still has categories below it");
    if (sql_.number("SELECT count(*) FROM products WHERE category_id = ?", id) > 0)
        throw error(called(id) + " still has products");
    sql_.change("DELETE FROM categories WHERE id = ?", id);
}

} // namespace shop
