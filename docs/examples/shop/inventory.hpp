#pragma once

#include "statements.hpp"

#include <vector>

namespace shop {

/// A building that keeps products.
struct warehouse {
    std::int64_t id;
    std::string code; ///< such as "BER"
    std::string name;
    std::string country_code;
};

/// How much of a product a warehouse has.
struct stock_level {
    std::int64_t product_id;
    std::int64_t warehouse_id;
    std::int64_t quantity;
    std::int64_t reserved; ///< promised to placed orders
    std::int64_t reorder_level;

    std::int64_t available() const { return quantity - reserved; }
};

/// A line of the ledger: every change of a quantity leaves one.
struct stock_movement {
    std::int64_t id;
    std::int64_t product_id;
    std::int64_t warehouse_id;
    std::int64_t change;
    std::string reason; ///< receipt, sale, return, transfer, write_off or correction
    std::optional<std::int64_t> order_id;
};

/// Keeps the stock. Quantities change by writing a movement; a trigger makes the stock follow.
/// Errors: "product P is not kept in warehouse W" from every call on a pair that has no stock row;
/// "a quantity must be positive, not N" from every call that takes one;
/// "not enough stock of product P in warehouse W: N wanted, M available".
class inventory {
  public:
    explicit inventory(SQLite::Database& db) : db_(db), sql_(db) {}

    /// Lists the warehouses by id.
    std::vector<warehouse> warehouses();
    /// Finds a warehouse by its code.
    std::optional<warehouse> find_warehouse(const std::string& code);

    /// Starts keeping a product in a warehouse, with nothing there.
    /// Errors: "there is no product P", "there is no warehouse W",
    /// "product P is already kept in warehouse W".
    void keep(std::int64_t product_id, std::int64_t warehouse_id, std::int64_t reorder_level = 0);
    /// Finds a stock row.
    std::optional<stock_level> find(std::int64_t product_id, std::int64_t warehouse_id);
    /// Finds a stock row. Errors: "product P is not kept in warehouse W".
    stock_level get(std::int64_t product_id, std::int64_t warehouse_id);
    /// Lists the stock of a product, by warehouse.
    std::vector<stock_level> levels_of(std::int64_t product_id);
    /// Adds up what is available of a product in all warehouses.
    std::int64_t available(std::int64_t product_id);
    /// Sets the level below which the view low_stock shows the row.
    void set_reorder_level(std::int64_t product_id, std::int64_t warehouse_id,
                           std::int64_t reorder_level);

    /// Takes goods in. Ensures: the id of the movement.
    std::int64_t receive(std::int64_t product_id, std::int64_t warehouse_id, std::int64_t quantity);
    /// Removes broken or lost goods that are not reserved. Ensures: the id of the movement.
    std::int64_t write_off(std::int64_t product_id, std::int64_t warehouse_id,
                           std::int64_t quantity);
    /// Corrects the quantity to what was counted. Ensures: the difference; 0 leaves no movement.
    /// Errors: "a count cannot be negative, not even N",
    /// "N of product P are reserved in warehouse W, more than the M counted".
    std::int64_t correct(std::int64_t product_id, std::int64_t warehouse_id, std::int64_t counted);
    /// Moves available goods between warehouses: two movements.
    /// Errors: "a transfer needs two different warehouses".
    void transfer(std::int64_t product_id, std::int64_t from_warehouse_id,
                  std::int64_t to_warehouse_id, std::int64_t quantity);

    /// Promises available goods to an order.
    void reserve(std::int64_t product_id, std::int64_t warehouse_id, std::int64_t quantity);
    /// Takes such a promise back.
    /// Errors: "only M of product P are reserved in warehouse W, not N".
    void release(std::int64_t product_id, std::int64_t warehouse_id, std::int64_t quantity);
    /// Sends reserved goods out for an order. Errors: as `release`.
    std::int64_t send(std::int64_t product_id, std::int64_t warehouse_id, std::int64_t quantity,
                      std::int64_t order_id);
    /// Takes goods back from an order.
    std::int64_t take_back(std::int64_t product_id, std::int64_t warehouse_id,
                           std::int64_t quantity, std::int64_t order_id);

    /// Lists the movements of a product, the oldest first.
    std::vector<stock_movement> movements_of(std::int64_t product_id);
    /// Lists the movements an order caused, the oldest first.
    std::vector<stock_movement> movements_for_order(std::int64_t order_id);
    /// Counts all movements.
    std::int64_t movement_count();

  private:
    std::int64_t move(std::int64_t product_id, std::int64_t warehouse_id, std::int64_t change,
                      const std::string& reason,
                      std::optional<std::int64_t> order_id = std::nullopt);
    void check_available(std::int64_t product_id, std::int64_t warehouse_id, std::int64_t wanted);

    SQLite::Database& db_;
    statements sql_;
};

} // namespace shop
