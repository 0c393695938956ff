#include "orders.hpp"

#include "error.hpp"
#include "savepoint.hpp"

namespace shop {
namespace {

order order_in(const cursor& row) {
    return {row.integer(0), row.integer(1),      row.integer(2),
            row.integer(3), row.text(4),         order_status_from(row.text(5)),
            row.text(6),    row.optional_text(7)};
}

std::vector<order> orders_in(cursor&& rows) {
    std::vector<order> found;
    while (rows.next())
        found.push_back(order_in(rows));
    return found;
}

std::string called(std::int64_t id) {
    return "order " + std::to_string(id);
}

std::string customer_called(std::int64_t id) {
    return "customer " + std::to_string(id);
}

void check_quantity(std::int64_t quantity) {
    if (quantity <= 0)
        throw error("a quantity must be positive, not " + std::to_string(quantity));
}

void check_step(const order& moved, order_status status) {
    if (!may_follow(moved.status, status))
        throw error(called(moved.id) + " cannot go from " + to_string(moved.status) + " to " +
                    to_string(status));
}

error no_line(std::int64_t id, std::int64_t line) {
    return error(called(id) + " has no line " + std::to_string(line));
}

} // namespace

std::int64_t orders::address_for(const new_order& opened) {
    if (!opened.address_id) {
        const std::int64_t address_id =
            sql_.number("SELECT id FROM addresses WHERE customer_id = ? AND is_default = 1",
                        opened.customer_id);
        if (address_id == 0)
            throw error(customer_called(opened.customer_id) + " has no default address");
        return address_id;
    }
    if (sql_.number("SELECT count(*) FROM addresses WHERE id = ? AND customer_id = ?",
                    *opened.address_id, opened.customer_id) == 0)
        throw error("address " + std::to_string(*opened.address_id) + " does not belong to " +
                    customer_called(opened.customer_id));
    return *opened.address_id;
}

std::int64_t orders::open(const new_order& opened) {
    {
        cursor owner = sql_.select("SELECT active FROM customers WHERE id = ?", opened.customer_id);
        if (!owner.next())
            throw error("there is no " + customer_called(opened.customer_id));
        if (!owner.flag(0))
            throw error(customer_called(opened.customer_id) + " is not active");
    }
    if (sql_.number("SELECT count(*) FROM warehouses WHERE id = ?", opened.warehouse_id) == 0)
        throw error("there is no warehouse " + std::to_string(opened.warehouse_id));
    if (sql_.number("SELECT count(*) FROM currencies WHERE code = ?", opened.currency_code) == 0)
        throw error("there is no currency " + opened.currency_code);
    return sql_.insert("INSERT INTO orders (customer_id, address_id, warehouse_id, currency_code,"
                       " opened_on) VALUES (?, ?, ?, ?, ?)",
                       opened.customer_id, address_for(opened), opened.warehouse_id,
                       opened.currency_code, opened.opened_on);
}

std::optional<order> orders::find(std::int64_t id) {
    cursor row = sql_.select("SELECT id, customer_id, address_id, warehouse_id, currency_code,"
                             " status, opened_on, promotion_code FROM orders WHERE id = ?",
                             id);
    return row.next() ? std::optional(order_in(row)) : std::nullopt;
}

order orders::get(std::int64_t id) {
    auto found = find(id);
    if (!found)
        throw error("there is no " + called(id));
    return *found;
}

std::vector<order> orders::of_customer(std::int64_t customer_id) {
    return orders_in(
        sql_.select("SELECT id, customer_id, address_id, warehouse_id, currency_code, status,"
                    " opened_on, promotion_code FROM orders WHERE customer_id = ? ORDER BY id",
                    customer_id));
}

std::vector<order> orders::with_status(order_status status) {
    return orders_in(
        sql_.select("SELECT id, customer_id, address_id, warehouse_id, currency_code, status,"
                    " opened_on, promotion_code FROM orders WHERE status = ? ORDER BY id",
                    to_string(status)));
}

std::int64_t orders::count() {
    return sql_.number("SELECT count(*) FROM orders");
}

void orders::check_draft(std::int64_t id) {
    const order changed = get(id);
    if (changed.status != order_status::draft)
        throw error(called(id) + " is " + to_string(changed.status) +
                    ", only a draft can be changed");
}

std::int64_t orders::add_line(std::int64_t id, std::int64_t product_id, std::int64_t quantity) {
    check_quantity(quantity);
    check_draft(id);
    const std::string product = "product " + std::to_string(product_id);
    {
        cursor row = sql_.select("SELECT p.active, p.currency_code, o.currency_code"
                                 " FROM products AS p, orders AS o WHERE p.id = ? AND o.id = ?",
                                 product_id, id);
        if (!row.next())
            throw error("there is no " + product);
        if (!row.flag(0))
            throw error(product + " is not for sale");
        if (row.text(1) != row.text(2))
            throw error(called(id) + " is in " + row.text(2) + ", " + product + " costs " +
                        row.text(1));
    }
    sql_.change("INSERT INTO order_lines (order_id, line, product_id, quantity, price_minor)"
                " SELECT ?1, (SELECT coalesce(max(line), 0) + 1 FROM order_lines"
                " WHERE order_id = ?1), id, ?3, price_minor FROM products WHERE id = ?2"
                " ON CONFLICT (order_id, product_id)"
                " DO UPDATE SET quantity = quantity + excluded.quantity",
                id, product_id, quantity);
    return sql_.number("SELECT line FROM order_lines WHERE order_id = ? AND product_id = ?", id,
                       product_id);
}

void orders::change_quantity(std::int64_t id, std::int64_t line, std::int64_t quantity) {
    check_quantity(quantity);
    check_draft(id);
    if (sql_.change("UPDATE order_lines SET quantity = ? WHERE order_id = ? AND line = ?", quantity,
                    id, line) == 0)
        throw no_line(id, line);
}

void orders::remove_line(std::int64_t id, std::int64_t line) {
    check_draft(id);
    if (sql_.change("DELETE FROM order_lines WHERE order_id = ? AND line = ?", id, line) == 0)
        throw no_line(id, line);
}

std::vector<order_line> orders::lines(std::int64_t id) {
    get(id);
    std::vector<order_line> found;
    cursor rows = sql_.select("SELECT line, product_id, quantity, price_minor FROM order_lines"
                              " WHERE order_id = ? ORDER BY line",
                              id);
    while (rows.next())
        found.push_back({rows.integer(0), rows.integer(1), rows.integer(2), rows.integer(3)});
    return found;
}

order_total orders::total(std::int64_t id) {
    get(id);
    cursor row = sql_.select("SELECT lines, subtotal_minor, discount_minor, total_minor"
                             " FROM order_totals WHERE order_id = ?",
                             id);
    row.next();
    return {row.integer(0), row.integer(1), row.integer(2), row.integer(3)};
}

void orders::place(std::int64_t id) {
    const order placed = get(id);
    check_step(placed, order_status::placed);
    const auto wanted = lines(id);
    if (wanted.empty())
        throw error(called(id) + " has no lines");
    savepoint all(db_);
    for (const order_line& line : wanted)
        inventory_.reserve(line.product_id, placed.warehouse_id, line.quantity);
    move_to(id, order_status::placed);
    all.release();
}

void orders::cancel(std::int64_t id) {
    const order cancelled = get(id);
    check_step(cancelled, order_status::cancelled);
    if (sql_.number("SELECT sum(amount_minor - refunded_minor) FROM payments"
                    " WHERE order_id = ? AND status = 'captured'",
                    id) > 0)
        throw error(called(id) + " has captured payments: refund them first");
    savepoint all(db_);
    if (cancelled.status != order_status::draft)
        for (const order_line& line : lines(id))
            inventory_.release(line.product_id, cancelled.warehouse_id, line.quantity);
    sql_.change("UPDATE payments SET status = 'voided' WHERE order_id = ?"
                " AND status = 'authorised'",
                id);
    move_to(id, order_status::cancelled);
    all.release();
}

void orders::move_to(std::int64_t id, order_status status) {
    check_step(get(id), status);
    sql_.change("UPDATE orders SET status = ? WHERE id = ?", to_string(status), id);
}

} // namespace shop
