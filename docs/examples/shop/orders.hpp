#pragma once

#include "inventory.hpp"
#include "order_status.hpp"
#include "statements.hpp"

#include <vector>

namespace shop {

/// What `orders::open` needs.
struct new_order {
    std::int64_t customer_id;
    std::int64_t warehouse_id;
    std::string currency_code;
    std::string opened_on;                                 ///< ISO 8601 date
    std::optional<std::int64_t> address_id = std::nullopt; ///< none: the customer's default
};

/// An order without its lines.
struct order {
    std::int64_t id;
    std::int64_t customer_id;
    std::int64_t address_id;
    std::int64_t warehouse_id; ///< all its goods come from here
    std::string currency_code;
    order_status status;
    std::string opened_on;
    std::optional<std::string> promotion_code;
};

/// A product of an order.
struct order_line {
    std::int64_t line; ///< from 1
    std::int64_t product_id;
    std::int64_t quantity;
    std::int64_t price_minor; ///< of one piece, when the line was added
};

/// What an order costs.
struct order_total {
    std::int64_t lines;
    std::int64_t subtotal_minor;
    std::int64_t discount_minor;
    std::int64_t total_minor;
};

/// Keeps the orders. Placing one reserves its goods, cancelling releases them.
/// Errors: "there is no order N" from every call with an id that is not there;
/// "order N is S, only a draft can be changed" from every change of lines after the draft.
class orders {
  public:
    explicit orders(SQLite::Database& db) : db_(db), sql_(db), inventory_(db) {}

    /// Opens a draft. Ensures: its id.
    /// Errors: "there is no customer N", "customer N is not active", "there is no warehouse N",
    /// "there is no currency XXX", "customer N has no default address",
    /// "address A does not belong to customer N".
    std::int64_t open(const new_order& opened);
    /// Finds an order by its id.
    std::optional<order> find(std::int64_t id);
    /// Finds an order by its id. Errors: "there is no order N".
    order get(std::int64_t id);
    /// Lists the orders of a customer, by id.
    std::vector<order> of_customer(std::int64_t customer_id);
    /// Lists the orders in a state, by id.
    std::vector<order> with_status(order_status status);
    /// Counts all orders.
    std::int64_t count();

    /// Adds pieces of a product at today's price; a second time they join the same line, at its
    /// price. Ensures: the number of the line.
    /// Errors: "there is no product N", "product N is not for sale",
    /// "order N is in XXX, product P costs YYY", "a quantity must be positive, not N".
    std::int64_t add_line(std::int64_t id, std::int64_t product_id, std::int64_t quantity);
    /// Sets the quantity of a line.
    /// Errors: "order N has no line L", "a quantity must be positive, not N".
    void change_quantity(std::int64_t id, std::int64_t line, std::int64_t quantity);
    /// Removes a line; the others keep their numbers. Errors: "order N has no line L".
    void remove_line(std::int64_t id, std::int64_t line);
    /// Lists the lines of an order.
    std::vector<order_line> lines(std::int64_t id);
    /// Adds an order up, its promotion included.
    order_total total(std::int64_t id);

    /// Places a draft and reserves its goods, all of them or none.
    /// Errors: "order N has no lines", "order N cannot go from S to T",
    /// and those of `inventory::reserve`.
    void place(std::int64_t id);
    /// Cancels a draft, or a placed or paid order, whose goods it releases.
    /// Errors: "order N has captured payments: refund them first",
    /// "order N cannot go from S to cancelled".
    void cancel(std::int64_t id);
    /// Moves an order to a state and does nothing else: for `place`, `payments`, `shipping`.
    /// Errors: "order N cannot go from S to T".
    void move_to(std::int64_t id, order_status status);

  private:
    std::int64_t address_for(const new_order& opened);
    void check_draft(std::int64_t id);

    SQLite::Database& db_;
    statements sql_;
    inventory inventory_;
};

} // namespace shop
