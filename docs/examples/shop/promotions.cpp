#include "promotions.hpp"

#include "error.hpp"

#include <algorithm>

namespace shop {
namespace {

promotion promotion_in(const cursor& row) {
    return {row.text(0),    row.text(1), row.integer(2), row.optional_text(3),
            row.integer(4), row.text(5), row.text(6),    row.optional_integer(7)};
}

// Only the 26 letters, like SQLite's upper().
std::string in_capitals(std::string text) {
    for (char& letter : text)
        if (letter >= 'a' && letter <= 'z')
            letter = static_cast<char>(letter - 'a' + 'A');
    return text;
}

std::string called(const std::string& code) {
    return "promotion " + in_capitals(code);
}

void check_dates(const std::string& starts_on, const std::string& ends_on) {
    if (ends_on < starts_on)
        throw error("a promotion cannot end before it starts");
}

} // namespace

void promotions::check(const promotion& added) {
    if (added.code.empty())
        throw error("a promotion needs a code");
    const std::string value = std::to_string(added.value);
    if (added.kind == "percent") {
        if (added.value < 1 || added.value > 100)
            throw error("a percentage is between 1 and 100, not " + value);
    } else if (added.kind == "amount") {
        if (added.value <= 0)
            throw error("an amount must be positive, not " + value);
        if (!added.currency_code)
            throw error("an amount needs a currency");
    } else {
        throw error("a promotion is a percent or an amount, not '" + added.kind + "'");
    }
    if (added.currency_code &&
        sql_.number("SELECT count(*) FROM currencies WHERE code = ?", *added.currency_code) == 0)
        throw error("there is no currency " + *added.currency_code);
    check_dates(added.starts_on, added.ends_on);
}

void promotions::add(const promotion& added) {
    check(added);
    unless_taken(
        [&] {
            sql_.change("INSERT INTO promotions (code, kind, value, currency_code, minimum_minor,"
                        " starts_on, ends_on, maximum_uses) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        in_capitals(added.code), added.kind, added.value, added.currency_code,
                        added.minimum_minor, added.starts_on, added.ends_on, added.maximum_uses);
        },
        called(added.code) + " already exists");
}

std::optional<promotion> promotions::find(const std::string& code) {
    cursor row = sql_.select("SELECT code, kind, value, currency_code, minimum_minor, starts_on,"
                             " ends_on, maximum_uses FROM promotions WHERE code = ?",
                             in_capitals(code));
    return row.next() ? std::optional(promotion_in(row)) : std::nullopt;
}

promotion promotions::get(const std::string& code) {
    auto found = find(code);
    if (!found)
        throw error("there is no " + called(code));
    return *found;
}

std::vector<promotion> promotions::valid_on(const std::string& day) {
    std::vector<promotion> found;
    cursor rows = sql_.select("SELECT code, kind, value, currency_code, minimum_minor, starts_on,"
                              " ends_on, maximum_uses FROM promotions"
                              " WHERE ? BETWEEN starts_on AND ends_on ORDER BY code",
                              day);
    while (rows.next())
        found.push_back(promotion_in(rows));
    return found;
}

std::int64_t promotions::count() {
    return sql_.number("SELECT count(*) FROM promotions");
}

std::int64_t promotions::uses(const std::string& code) {
    return sql_.number("SELECT count(*) FROM orders WHERE promotion_code = ?"
                       " AND status <> 'cancelled'",
                       get(code).code);
}

void promotions::end(const std::string& code, const std::string& last_day) {
    const promotion ended = get(code);
    check_dates(ended.starts_on, last_day);
    sql_.change("UPDATE promotions SET ends_on = ? WHERE code = ?", last_day, ended.code);
}

std::int64_t promotions::discount(const std::string& code, const std::string& currency_code,
                                  std::int64_t subtotal_minor, const std::string& day) {
    const promotion given = get(code);
    if (day < given.starts_on || day > given.ends_on)
        throw error(called(code) + " is not valid on " + day);
    if (given.currency_code && *given.currency_code != currency_code)
        throw error(called(code) + " is in " + *given.currency_code + ", not " + currency_code);
    if (subtotal_minor < given.minimum_minor)
        throw error(called(code) + " needs a subtotal of " + std::to_string(given.minimum_minor) +
                    ", not " + std::to_string(subtotal_minor));
    return given.kind == "percent" ? subtotal_minor * given.value / 100
                                   : std::min(given.value, subtotal_minor);
}

order promotions::draft(std::int64_t order_id) {
    order found = orders_.get(order_id);
    if (found.status != order_status::draft)
        throw error("order " + std::to_string(order_id) + " is " + to_string(found.status) +
                    ", only a draft can be changed");
    return found;
}

std::int64_t promotions::apply(std::int64_t order_id, const std::string& code,
                               const std::string& day) {
    const order changed = draft(order_id);
    const promotion given = get(code);
    const std::int64_t saved =
        discount(code, changed.currency_code, orders_.total(order_id).subtotal_minor, day);
    if (changed.promotion_code != given.code && given.maximum_uses &&
        uses(code) >= *given.maximum_uses)
        throw error(called(code) + " has been used up");
    sql_.change("UPDATE orders SET promotion_code = ? WHERE id = ?", given.code, order_id);
    return saved;
}

void promotions::remove_from(std::int64_t order_id) {
    draft(order_id);
    sql_.change("UPDATE orders SET promotion_code = NULL WHERE id = ?", order_id);
}

} // namespace shop
