#include "products.hpp"

#include "error.hpp"
#include "savepoint.hpp"

namespace shop {
namespace {

product product_in(const cursor& row) {
    return {row.integer(0), row.text(1), row.text(2), row.integer(3),
            row.integer(4), row.text(5), row.flag(6)};
}

std::vector<product> products_in(cursor&& rows) {
    std::vector<product> found;
    while (rows.next())
        found.push_back(product_in(rows));
    return found;
}

std::string called(std::int64_t id) {
    return "product " + std::to_string(id);
}

void check_name(const std::string& name) {
    if (name.empty())
        throw error("a product needs a name");
}

void check_price(std::int64_t price_minor) {
    if (price_minor <= 0)
        throw error("a price must be positive, not " + std::to_string(price_minor));
}

} // namespace

void products::check_category(std::int64_t id) {
    if (sql_.number("SELECT count(*) FROM categories WHERE id = ?", id) == 0)
        throw error("there is no category " + std::to_string(id));
}

std::int64_t products::add(const new_product& added) {
    check_name(added.name);
    check_price(added.price_minor);
    check_category(added.category_id);
    if (sql_.number("SELECT count(*) FROM currencies WHERE code = ?", added.currency_code) == 0)
        throw error("there is no currency " + added.currency_code);
    std::int64_t id = 0;
    unless_taken(
        [&] {
            id = sql_.insert("INSERT INTO products (sku, name, category_id, price_minor,"
                             " currency_code) VALUES (?, ?, ?, ?, ?)",
                             added.sku, added.name, added.category_id, added.price_minor,
                             added.currency_code);
        },
        "the SKU '" + added.sku + "' is already taken");
    return id;
}

std::optional<product> products::find(std::int64_t id) {
    cursor row = sql_.select("SELECT id, sku, name, category_id, price_minor, currency_code, active"
                             " FROM products WHERE id = ?",
                             id);
    return row.next() ? std::optional(product_in(row)) : std::nullopt;
}

product products::get(std::int64_t id) {
    auto found = find(id);
    if (!found)
        throw error("there is no " + called(id));
    return *found;
}

std::optional<product> products::find_by_sku(const std::string& sku) {
    cursor row = sql_.select("SELECT id, sku, name, category_id, price_minor, currency_code, active"
                             " FROM products WHERE sku = ?",
                             sku);
    return row.next() ? std::optional(product_in(row)) : std::nullopt;
}

// instr() takes the text as it is; LIKE would give a meaning to % and _.
std::vector<product> products::search(const std::string& text) {
    return products_in(
        sql_.select("SELECT id, sku, name, category_id, price_minor, currency_code, active"
                    " FROM products WHERE active = 1 AND instr(lower(name), lower(?)) > 0"
                    " ORDER BY id",
                    text));
}

std::vector<product> products::in_category(std::int64_t category_id) {
    check_category(category_id);
    return products_in(
        sql_.select("SELECT id, sku, name, category_id, price_minor, currency_code, active"
                    " FROM products WHERE category_id = ? ORDER BY id",
                    category_id));
}

std::vector<product> products::below_category(std::int64_t category_id) {
    check_category(category_id);
    return products_in(sql_.select(R"(
        WITH RECURSIVE below (id) AS (
            SELECT ?
            UNION ALL
            SELECT c.id FROM below AS b JOIN categories AS c ON c.parent_id = b.id
        )
        SELECT id, sku, name, category_id, price_minor, currency_code, active
        FROM products WHERE category_id IN below ORDER BY id)",
                                   category_id));
}

std::vector<product> products::priced_between(const std::string& currency_code,
                                              std::int64_t lowest_minor,
                                              std::int64_t highest_minor) {
    return products_in(
        sql_.select("SELECT id, sku, name, category_id, price_minor, currency_code, active"
                    " FROM products WHERE active = 1 AND currency_code = ?"
                    " AND price_minor BETWEEN ? AND ? ORDER BY price_minor, id",
                    currency_code, lowest_minor, highest_minor));
}

std::vector<product> products::page(std::int64_t page, std::int64_t page_size) {
    return products_in(
        sql_.select("SELECT id, sku, name, category_id, price_minor, currency_code, active"
                    " FROM products ORDER BY id LIMIT ?2 OFFSET ?1 * ?2",
                    page, page_size));
}

std::int64_t products::count() {
    return sql_.number("SELECT count(*) FROM products");
}

std::int64_t products::active_count() {
    return sql_.number("SELECT count(*) FROM products WHERE active = 1");
}

void products::rename(std::int64_t id, const std::string& name) {
    check_name(name);
    if (sql_.change("UPDATE products SET name = ? WHERE id = ?", name, id) == 0)
        throw error("there is no " + called(id));
}

void products::move(std::int64_t id, std::int64_t category_id) {
    check_category(category_id);
    if (sql_.change("UPDATE products SET category_id = ? WHERE id = ?", category_id, id) == 0)
        throw error("there is no " + called(id));
}

std::int64_t products::change_price(std::int64_t id, std::int64_t price_minor) {
    check_price(price_minor);
    const std::int64_t before = get(id).price_minor;
    sql_.change("UPDATE products SET price_minor = ? WHERE id = ?", price_minor, id);
    return before;
}

std::int64_t products::change_prices(std::int64_t category_id, std::int64_t percent) {
    check_category(category_id);
    if (percent <= -100)
        throw error("a price cannot fall by 100 % or more");
    return sql_.change("UPDATE products SET price_minor = max(1, price_minor * (100 + ?) / 100)"
                       " WHERE category_id = ?",
                       percent, category_id);
}

void products::set_active(std::int64_t id, bool active) {
    if (sql_.change("UPDATE products SET active = ? WHERE id = ?", active ? 1 : 0, id) == 0)
        throw error("there is no " + called(id));
}

void products::remove(std::int64_t id) {
    get(id);
    if (sql_.number("SELECT count(*) FROM order_lines WHERE product_id = ?", id) > 0)
        throw error(called(id) + " has been ordered and cannot be removed");
    if (sql_.number("SELECT count(*) FROM stock_movements WHERE product_id = ?", id) > 0)
        throw error(called(id) + " has stock movements and cannot be removed");
    savepoint all(db_);
    sql_.change("DELETE FROM stock WHERE product_id = ?", id);
    sql_.change("DELETE FROM products WHERE id = ?", id);
    all.release();
}

} // namespace shop
