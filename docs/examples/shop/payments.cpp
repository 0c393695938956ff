#include "payments.hpp"

#include "error.hpp"
#include "savepoint.hpp"

namespace shop {
namespace {

payment payment_in(const cursor& row) {
    return {row.integer(0), row.integer(1), row.text(2),
            row.integer(3), row.integer(4), row.text(5)};
}

std::string called(std::int64_t id) {
    return "payment " + std::to_string(id);
}

std::string order_called(std::int64_t id) {
    return "order " + std::to_string(id);
}

void check_amount(std::int64_t amount_minor) {
    if (amount_minor <= 0)
        throw error("an amount must be positive, not " + std::to_string(amount_minor));
}

} // namespace

void payments::check_placed(std::int64_t order_id) {
    const order paid = orders_.get(order_id);
    if (paid.status != order_status::placed)
        throw error(order_called(order_id) + " is " + to_string(paid.status) + ", not placed");
}

payment payments::in_status(std::int64_t id, const std::string& status) {
    payment found = get(id);
    if (found.status != status)
        throw error(called(id) + " is " + found.status + ", not " + status);
    return found;
}

std::int64_t payments::authorise(std::int64_t order_id, std::int64_t amount_minor,
                                 const std::string& method) {
    if (method != "card" && method != "transfer" && method != "voucher")
        throw error("a payment is made by card, transfer or voucher, not '" + method + "'");
    check_amount(amount_minor);
    check_placed(order_id);
    const std::int64_t needed = outstanding(order_id);
    if (amount_minor > needed)
        throw error(order_called(order_id) + " needs " + std::to_string(needed) + " more, not " +
                    std::to_string(amount_minor));
    return sql_.insert("INSERT INTO payments (order_id, method, amount_minor) VALUES (?, ?, ?)",
                       order_id, method, amount_minor);
}

void payments::capture(std::int64_t id) {
    const payment taken = in_status(id, "authorised");
    savepoint all(db_);
    sql_.change("UPDATE payments SET status = 'captured' WHERE id = ?", id);
    if (captured(taken.order_id) == orders_.total(taken.order_id).total_minor)
        orders_.move_to(taken.order_id, order_status::paid);
    all.release();
}

void payments::void_authorisation(std::int64_t id) {
    in_status(id, "authorised");
    sql_.change("UPDATE payments SET status = 'voided' WHERE id = ?", id);
}

void payments::refund(std::int64_t id, std::int64_t amount_minor) {
    check_amount(amount_minor);
    const payment refunded = in_status(id, "captured");
    const std::int64_t left = refunded.amount_minor - refunded.refunded_minor;
    if (amount_minor > left)
        throw error(called(id) + " has only " + std::to_string(left) + " left to refund, not " +
                    std::to_string(amount_minor));
    sql_.change("UPDATE payments SET refunded_minor = refunded_minor + ?2,"
                " status = CASE WHEN refunded_minor + ?2 = amount_minor THEN 'refunded'"
                " ELSE status END WHERE id = ?1",
                id, amount_minor);
}

void payments::accept_free(std::int64_t order_id) {
    check_placed(order_id);
    const std::int64_t cost = orders_.total(order_id).total_minor;
    if (cost != 0)
        throw error(order_called(order_id) + " is not free, it costs " + std::to_string(cost));
    orders_.move_to(order_id, order_status::paid);
}

std::optional<payment> payments::find(std::int64_t id) {
    cursor row = sql_.select("SELECT id, order_id, method, amount_minor, refunded_minor, status"
                             " FROM payments WHERE id = ?",
                             id);
    return row.next() ? std::optional(payment_in(row)) : std::nullopt;
}

payment payments::get(std::int64_t id) {
    auto found = find(id);
    if (!found)
        throw error("there is no " + called(id));
    return *found;
}

std::vector<payment> payments::of_order(std::int64_t order_id) {
    std::vector<payment> found;
    cursor rows = sql_.select("SELECT id, order_id, method, amount_minor, refunded_minor, status"
                              " FROM payments WHERE order_id = ? ORDER BY id",
                              order_id);
    while (rows.next())
        found.push_back(payment_in(rows));
    return found;
}

std::int64_t payments::captured(std::int64_t order_id) {
    return sql_.number("SELECT sum(amount_minor - refunded_minor) FROM payments"
                       " WHERE order_id = ? AND status = 'captured'",
                       order_id);
}

std::int64_t payments::outstanding(std::int64_t order_id) {
    const std::int64_t promised =
        sql_.number("SELECT sum(amount_minor - refunded_minor) FROM payments"
                    " WHERE order_id = ? AND status IN ('authorised', 'captured')",
                    order_id);
    return orders_.total(order_id).total_minor - promised;
}

} // namespace shop
