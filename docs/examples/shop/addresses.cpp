#include "addresses.hpp"

#include "error.hpp"
#include "savepoint.hpp"

namespace shop {
namespace {

address address_in(const cursor& row) {
    return {row.integer(0), row.integer(1), row.text(2),          row.text(3),
            row.text(4),    row.text(5),    row.optional_text(6), row.flag(7)};
}

std::string called(std::int64_t id) {
    return "address " + std::to_string(id);
}

} // namespace

void addresses::check(const new_address& written) {
    if (written.line.empty())
        throw error("an address needs a line");
    geography_.check_place(written.country_code, written.subdivision_code);
}

std::int64_t addresses::add(std::int64_t customer_id, const new_address& added) {
    if (sql_.number("SELECT count(*) FROM customers WHERE id = ?", customer_id) == 0)
        throw error("there is no customer " + std::to_string(customer_id));
    check(added);
    return sql_.insert(
        "INSERT INTO addresses (customer_id, line, city, postal_code, country_code,"
        " subdivision_code, is_default) VALUES (?1, ?2, ?3, ?4, ?5, ?6,"
        " NOT EXISTS (SELECT 1 FROM addresses WHERE customer_id = ?1 AND is_default = 1))",
        customer_id, added.line, added.city, added.postal_code, added.country_code,
        added.subdivision_code);
}

std::optional<address> addresses::find(std::int64_t id) {
    cursor row = sql_.select("SELECT id, customer_id, line, city, postal_code, country_code,"
                             " subdivision_code, is_default FROM addresses WHERE id = ?",
                             id);
    return row.next() ? std::optional(address_in(row)) : std::nullopt;
}

address addresses::get(std::int64_t id) {
    auto found = find(id);
    if (!found)
        throw error("there is no " + called(id));
    return *found;
}

std::vector<address> addresses::of_customer(std::int64_t customer_id) {
    std::vector<address> found;
    cursor rows = sql_.select("SELECT id, customer_id, line, city, postal_code, country_code,"
                              " subdivision_code, is_default FROM addresses"
                              " WHERE customer_id = ? ORDER BY id",
                              customer_id);
    while (rows.next())
        found.push_back(address_in(rows));
    return found;
}

std::optional<address> addresses::default_of(std::int64_t customer_id) {
    cursor row = sql_.select("SELECT id, customer_id, line, city, postal_code, country_code,"
                             " subdivision_code, is_default FROM addresses"
                             " WHERE customer_id = ? AND is_default = 1",
                             customer_id);
    return row.next() ? std::optional(address_in(row)) : std::nullopt;
}

std::int64_t addresses::count_in(const std::string& country_code) {
    return sql_.number("SELECT count(*) FROM addresses WHERE country_code = ?", country_code);
}

std::int64_t addresses::count() {
    return sql_.number("SELECT count(*) FROM addresses");
}

// The old default goes first: a unique index allows one at a time.
void addresses::make_default(std::int64_t id) {
    const std::int64_t customer_id = get(id).customer_id;
    savepoint all(db_);
    sql_.change("UPDATE addresses SET is_default = 0 WHERE customer_id = ? AND is_default = 1",
                customer_id);
    sql_.change("UPDATE addresses SET is_default = 1 WHERE id = ?", id);
    all.release();
}

void addresses::change(std::int64_t id, const new_address& changed) {
    get(id);
    check(changed);
    sql_.change("UPDATE addresses SET line = ?, city = ?, postal_code = ?, country_code = ?,"
                " subdivision_code = ? WHERE id = ?",
                changed.line, changed.city, changed.postal_code, changed.country_code,
                changed.subdivision_code, id);
}

void addresses::remove(std::int64_t id) {
    const address removed = get(id);
    if (sql_.number("SELECT count(*) FROM orders WHERE address_id = ?", id) > 0)
        throw error(called(id) + " is used by orders and cannot be removed");
    savepoint all(db_);
    sql_.change("DELETE FROM addresses WHERE id = ?", id);
    if (removed.is_default)
        sql_.change("UPDATE addresses SET is_default = 1"
                    " WHERE id = (SELECT min(id) FROM addresses WHERE customer_id = ?)",
                    removed.customer_id);
    all.release();
}

} // namespace shop
