#include "customers.hpp"

#include "error.hpp"
#include "savepoint.hpp"

namespace shop {
namespace {

customer customer_in(const cursor& row) {
    return {row.integer(0), row.text(1), row.text(2), row.text(3), row.text(4), row.flag(5)};
}

std::vector<customer> customers_in(cursor&& rows) {
    std::vector<customer> found;
    while (rows.next())
        found.push_back(customer_in(rows));
    return found;
}

std::string called(std::int64_t id) {
    return "customer " + std::to_string(id);
}

std::string taken(const std::string& email) {
    return "the e-mail address " + email + " is already registered";
}

void check_name(const std::string& name) {
    if (name.empty())
        throw error("a customer needs a name");
}

// Whether an address exists only a letter to it can tell: this catches slips of the keyboard.
void check_email(const std::string& email) {
    const auto at = email.find('@');
    if (at == std::string::npos || at == 0 || at + 1 == email.size() ||
        email.find('@', at + 1) != std::string::npos || email.find(' ') != std::string::npos)
        throw error("'" + email + "' is not an e-mail address");
}

} // namespace

void customers::check_language(const std::string& code) {
    if (sql_.number("SELECT count(*) FROM languages WHERE code = ?", code) == 0)
        throw error("there is no language " + code);
}

std::int64_t customers::add(const new_customer& added) {
    check_email(added.email);
    check_name(added.name);
    check_language(added.language_code);
    std::int64_t id = 0;
    unless_taken(
        [&] {
            id = sql_.insert("INSERT INTO customers (email, name, language_code, registered_on)"
                             " VALUES (?, ?, ?, ?)",
                             added.email, added.name, added.language_code, added.registered_on);
        },
        taken(added.email));
    return id;
}

std::optional<customer> customers::find(std::int64_t id) {
    cursor row = sql_.select("SELECT id, email, name, language_code, registered_on, active"
                             " FROM customers WHERE id = ?",
                             id);
    return row.next() ? std::optional(customer_in(row)) : std::nullopt;
}

customer customers::get(std::int64_t id) {
    auto found = find(id);
    if (!found)
        throw error("there is no " + called(id));
    return *found;
}

std::optional<customer> customers::find_by_email(const std::string& email) {
    cursor row = sql_.select("SELECT id, email, name, language_code, registered_on, active"
                             " FROM customers WHERE email = ?",
                             email);
    return row.next() ? std::optional(customer_in(row)) : std::nullopt;
}

std::vector<customer> customers::search(const std::string& text) {
    return customers_in(
        sql_.select("SELECT id, email, name, language_code, registered_on, active"
                    " FROM customers WHERE instr(lower(name), lower(?)) > 0 ORDER BY id",
                    text));
}

std::vector<customer> customers::speaking(const std::string& language_code) {
    return customers_in(sql_.select("SELECT id, email, name, language_code, registered_on, active"
                                    " FROM customers WHERE language_code = ? ORDER BY id",
                                    language_code));
}

std::vector<customer> customers::registered_between(const std::string& from,
                                                    const std::string& to) {
    return customers_in(
        sql_.select("SELECT id, email, name, language_code, registered_on, active FROM customers"
                    " WHERE registered_on BETWEEN ? AND ? ORDER BY registered_on, id",
                    from, to));
}

std::int64_t customers::count() {
    return sql_.number("SELECT count(*) FROM customers");
}

std::int64_t customers::active_count() {
    return sql_.number("SELECT count(*) FROM customers WHERE active = 1");
}

void customers::rename(std::int64_t id, const std::string& name) {
    check_name(name);
    if (sql_.change("UPDATE customers SET name = ? WHERE id = ?", name, id) == 0)
        throw error("there is no " + called(id));
}

void customers::change_email(std::int64_t id, const std::string& email) {
    check_email(email);
    get(id);
    unless_taken([&] { sql_.change("UPDATE customers SET email = ? WHERE id = ?", email, id); },
                 taken(email));
}

void customers::change_language(std::int64_t id, const std::string& language_code) {
    check_language(language_code);
    if (sql_.change("UPDATE customers SET language_code = ? WHERE id = ?", language_code, id) == 0)
        throw error("there is no " + called(id));
}

void customers::set_active(std::int64_t id, bool active) {
    if (sql_.change("UPDATE customers SET active = ? WHERE id = ?", active ? 1 : 0, id) == 0)
        throw error("there is no " + called(id));
}

void customers::remove(std::int64_t id) {
    get(id);
    if (sql_.number("SELECT count(*) FROM orders WHERE customer_id = ?", id) > 0)
        throw error(called(id) + " has orders and cannot be removed");
    savepoint all(db_);
    sql_.change("DELETE FROM addresses WHERE customer_id = ?", id);
    sql_.change("DELETE FROM customers WHERE id = ?", id);
    all.release();
}

} // namespace shop
