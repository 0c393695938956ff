#include "inventory.hpp"

#include "error.hpp"
#include "savepoint.hpp"

namespace shop {
namespace {

stock_level level_in(const cursor& row) {
    return {row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4)};
}

std::vector<stock_movement> movements_in(cursor&& rows) {
    std::vector<stock_movement> found;
    while (rows.next())
        found.push_back({rows.integer(0), rows.integer(1), rows.integer(2), rows.integer(3),
                         rows.text(4), rows.optional_integer(5)});
    return found;
}

void check_quantity(std::int64_t quantity) {
    if (quantity <= 0)
        throw error("a quantity must be positive, not " + std::to_string(quantity));
}

std::string product_called(std::int64_t id) {
    return "product " + std::to_string(id);
}
std::string warehouse_called(std::int64_t id) {
    return "warehouse " + std::to_string(id);
}

} // namespace

std::vector<warehouse> inventory::warehouses() {
    std::vector<warehouse> found;
    cursor rows = sql_.select("SELECT id, code, name, country_code FROM warehouses ORDER BY id");
    while (rows.next())
        found.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.text(3)});
    return found;
}

std::optional<warehouse> inventory::find_warehouse(const std::string& code) {
    cursor row =
        sql_.select("SELECT id, code, name, country_code FROM warehouses WHERE code = ?", code);
    if (!row.next())
        return std::nullopt;
    return warehouse{row.integer(0), row.text(1), row.text(2), row.text(3)};
}

void inventory::keep(std::int64_t product_id, std::int64_t warehouse_id,
                     std::int64_t reorder_level) {
    if (sql_.number("SELECT count(*) FROM products WHERE id = ?", product_id) == 0)
        throw error("there is no " + product_called(product_id));
    if (sql_.number("SELECT count(*) FROM warehouses WHERE id = ?", warehouse_id) == 0)
        throw error("there is no " + warehouse_called(warehouse_id));
    unless_taken(
        [&] {
            sql_.change("INSERT INTO stock (product_id, warehouse_id, reorder_level)"
                        " VALUES (?, ?, ?)",
                        product_id, warehouse_id, reorder_level);
        },
        product_called(product_id) + " is already kept in " + warehouse_called(warehouse_id));
}

std::optional<stock_level> inventory::find(std::int64_t product_id, std::int64_t warehouse_id) {
    cursor row = sql_.select("SELECT product_id, warehouse_id, quantity, reserved, reorder_level"
                             " FROM stock WHERE product_id = ? AND warehouse_id = ?",
                             product_id, warehouse_id);
    return row.next() ? std::optional(level_in(row)) : std::nullopt;
}

stock_level inventory::get(std::int64_t product_id, std::int64_t warehouse_id) {
    const auto found = find(product_id, warehouse_id);
    if (!found)
        throw error(product_called(product_id) + " is not kept in " +
                    warehouse_called(warehouse_id));
    return *found;
}

std::vector<stock_level> inventory::levels_of(std::int64_t product_id) {
    std::vector<stock_level> found;
    cursor rows = sql_.select("SELECT product_id, warehouse_id, quantity, reserved, reorder_level"
                              " FROM stock WHERE product_id = ? ORDER BY warehouse_id",
                              product_id);
    while (rows.next())
        found.push_back(level_in(rows));
    return found;
}

std::int64_t inventory::available(std::int64_t product_id) {
    return sql_.number("SELECT sum(quantity - reserved) FROM stock WHERE product_id = ?",
                       product_id);
}

void inventory::set_reorder_level(std::int64_t product_id, std::int64_t warehouse_id,
                                  std::int64_t reorder_level) {
    get(product_id, warehouse_id);
    sql_.change("UPDATE stock SET reorder_level = ? WHERE product_id = ? AND warehouse_id = ?",
                reorder_level, product_id, warehouse_id);
}

std::int64_t inventory::receive(std::int64_t product_id, std::int64_t warehouse_id,
                                std::int64_t quantity) {
    check_quantity(quantity);
    get(product_id, warehouse_id);
    return move(product_id, warehouse_id, quantity, "receipt");
}

std::int64_t inventory::write_off(std::int64_t product_id, std::int64_t warehouse_id,
                                  std::int64_t quantity) {
    check_available(product_id, warehouse_id, quantity);
    return move(product_id, warehouse_id, -quantity, "write_off");
}

std::int64_t inventory::correct(std::int64_t product_id, std::int64_t warehouse_id,
                                std::int64_t counted) {
    if (counted < 0)
        throw error("a count cannot be negative, not even " + std::to_string(counted));
    const stock_level before = get(product_id, warehouse_id);
    if (counted < before.reserved)
        throw error(std::to_string(before.reserved) + " of " + product_called(product_id) +
                    " are reserved in " + warehouse_called(warehouse_id) + ", more than the " +
                    std::to_string(counted) + " counted");
    const std::int64_t difference = counted - before.quantity;
    if (difference != 0)
        move(product_id, warehouse_id, difference, "correction");
    return difference;
}

void inventory::transfer(std::int64_t product_id, std::int64_t from_warehouse_id,
                         std::int64_t to_warehouse_id, std::int64_t quantity) {
    if (from_warehouse_id == to_warehouse_id)
        throw error("a transfer needs two different warehouses");
    check_available(product_id, from_warehouse_id, quantity);
    get(product_id, to_warehouse_id);
    savepoint all(db_);
    move(product_id, from_warehouse_id, -quantity, "transfer");
    move(product_id, to_warehouse_id, quantity, "transfer");
    all.release();
}

// One statement checks and takes, so that two connections cannot both take the last piece. The
// savepoint keeps the lock of that statement until the reason for a refusal has been read.
void inventory::reserve(std::int64_t product_id, std::int64_t warehouse_id, std::int64_t quantity) {
    check_quantity(quantity);
    savepoint all(db_);
    const std::int64_t taken =
        sql_.change("UPDATE stock SET reserved = reserved + ?3 WHERE product_id = ?1"
                    " AND warehouse_id = ?2 AND quantity - reserved >= ?3",
                    product_id, warehouse_id, quantity);
    if (taken == 0)
        check_available(product_id, warehouse_id, quantity);
    all.release();
}

void inventory::release(std::int64_t product_id, std::int64_t warehouse_id, std::int64_t quantity) {
    check_quantity(quantity);
    const std::int64_t reserved = get(product_id, warehouse_id).reserved;
    if (reserved < quantity)
        throw error("only " + std::to_string(reserved) + " of " + product_called(product_id) +
                    " are reserved in " + warehouse_called(warehouse_id) + ", not " +
                    std::to_string(quantity));
    sql_.change("UPDATE stock SET reserved = reserved - ?3 WHERE product_id = ?1"
                " AND warehouse_id = ?2",
                product_id, warehouse_id, quantity);
}

std::int64_t inventory::send(std::int64_t product_id, std::int64_t warehouse_id,
                             std::int64_t quantity, std::int64_t order_id) {
    savepoint all(db_);
    release(product_id, warehouse_id, quantity);
    const std::int64_t id = move(product_id, warehouse_id, -quantity, "sale", order_id);
    all.release();
    return id;
}

std::int64_t inventory::take_back(std::int64_t product_id, std::int64_t warehouse_id,
                                  std::int64_t quantity, std::int64_t order_id) {
    check_quantity(quantity);
    get(product_id, warehouse_id);
    return move(product_id, warehouse_id, quantity, "return", order_id);
}

std::vector<stock_movement> inventory::movements_of(std::int64_t product_id) {
    return movements_in(sql_.select("SELECT id, product_id, warehouse_id, change, reason, order_id"
                                    " FROM stock_movements WHERE product_id = ? ORDER BY id",
                                    product_id));
}

std::vector<stock_movement> inventory::movements_for_order(std::int64_t order_id) {
    return movements_in(sql_.select("SELECT id, product_id, warehouse_id, change, reason, order_id"
                                    " FROM stock_movements WHERE order_id = ? ORDER BY id",
                                    order_id));
}

std::int64_t inventory::movement_count() {
    return sql_.number("SELECT count(*) FROM stock_movements");
}

std::int64_t inventory::move(std::int64_t product_id, std::int64_t warehouse_id,
                             std::int64_t change, const std::string& reason,
                             std::optional<std::int64_t> order_id) {
    return sql_.insert("INSERT INTO stock_movements (product_id, warehouse_id, change, reason,"
                       " order_id) VALUES (?, ?, ?, ?, ?)",
                       product_id, warehouse_id, change, reason, order_id);
}

void inventory::check_available(std::int64_t product_id, std::int64_t warehouse_id,
                                std::int64_t wanted) {
    check_quantity(wanted);
    const std::int64_t available = get(product_id, warehouse_id).available();
    if (available < wanted)
        throw error("not enough stock of " + product_called(product_id) + " in " +
                    warehouse_called(warehouse_id) + ": " + std::to_string(wanted) + " wanted, " +
                    std::to_string(available) + " available");
}

} // namespace shop
