#include "shipping.hpp"

#include "error.hpp"
#include "savepoint.hpp"

namespace shop {
namespace {

shipment shipment_in(const cursor& row) {
    return {row.integer(0), row.integer(1), row.text(2),
            row.text(3),    row.text(4),    row.optional_text(5)};
}

std::optional<shipment> only_shipment_in(cursor&& row) {
    return row.next() ? std::optional(shipment_in(row)) : std::nullopt;
}

} // namespace

std::int64_t shipping::create(std::int64_t order_id, const std::string& tracking,
                              const std::string& shipped_on) {
    if (tracking.empty())
        throw error("a shipment needs a tracking code");
    savepoint all(db_);
    orders_.move_to(order_id, order_status::shipped);
    std::int64_t id = 0;
    unless_taken(
        [&] {
            id = sql_.insert("INSERT INTO shipments (order_id, tracking, shipped_on)"
                             " VALUES (?, ?, ?)",
                             order_id, tracking, shipped_on);
        },
        "the tracking code " + tracking + " is already in use");
    const std::int64_t warehouse_id = orders_.get(order_id).warehouse_id;
    for (const order_line& line : orders_.lines(order_id))
        inventory_.send(line.product_id, warehouse_id, line.quantity, order_id);
    all.release();
    return id;
}

void shipping::deliver(std::int64_t id, const std::string& delivered_on) {
    const shipment delivered = get(id);
    if (delivered_on < delivered.shipped_on)
        throw error("shipment " + std::to_string(id) + " cannot arrive on " + delivered_on +
                    ", it left on " + delivered.shipped_on);
    savepoint all(db_);
    orders_.move_to(delivered.order_id, order_status::delivered);
    sql_.change("UPDATE shipments SET status = 'delivered', delivered_on = ? WHERE id = ?",
                delivered_on, id);
    all.release();
}

void shipping::take_back(std::int64_t id) {
    const std::int64_t order_id = get(id).order_id;
    savepoint all(db_);
    orders_.move_to(order_id, order_status::returned);
    sql_.change("UPDATE shipments SET status = 'returned' WHERE id = ?", id);
    const std::int64_t warehouse_id = orders_.get(order_id).warehouse_id;
    for (const order_line& line : orders_.lines(order_id))
        inventory_.take_back(line.product_id, warehouse_id, line.quantity, order_id);
    all.release();
}

std::optional<shipment> shipping::find(std::int64_t id) {
    return only_shipment_in(
        sql_.select("SELECT id, order_id, tracking, status, shipped_on, delivered_on"
                    " FROM shipments WHERE id = ?",
                    id));
}

shipment shipping::get(std::int64_t id) {
    auto found = find(id);
    if (!found)
        throw error("there is no shipment " + std::to_string(id));
    return *found;
}

std::optional<shipment> shipping::find_by_tracking(const std::string& tracking) {
    return only_shipment_in(
        sql_.select("SELECT id, order_id, tracking, status, shipped_on, delivered_on"
                    " FROM shipments WHERE tracking = ?",
                    tracking));
}

std::optional<shipment> shipping::of_order(std::int64_t order_id) {
    return only_shipment_in(
        sql_.select("SELECT id, order_id, tracking, status, shipped_on, delivered_on"
                    " FROM shipments WHERE order_id = ?",
                    order_id));
}

std::vector<shipment> shipping::in_transit() {
    std::vector<shipment> found;
    cursor rows = sql_.select("SELECT id, order_id, tracking, status, shipped_on, delivered_on"
                              " FROM shipments WHERE status = 'in_transit' ORDER BY id");
    while (rows.next())
        found.push_back(shipment_in(rows));
    return found;
}

} // namespace shop
