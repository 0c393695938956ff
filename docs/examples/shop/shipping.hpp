#pragma once

#include "inventory.hpp"
#include "orders.hpp"
#include "statements.hpp"

#include <vector>

namespace shop {

/// A parcel with all goods of an order.
struct shipment {
    std::int64_t id;
    std::int64_t order_id;
    std::string tracking;
    std::string status; ///< "in_transit", "delivered" or "returned"
    std::string shipped_on;
    std::optional<std::string> delivered_on;
};

/// Sends orders out, and takes them back.
/// Errors: "there is no shipment N" from every call with an id that is not there;
/// "order N cannot go from S to T" from every step the order is not ready for.
class shipping {
  public:
    explicit shipping(SQLite::Database& db) : db_(db), sql_(db), orders_(db), inventory_(db) {}

    /// Ships a paid order: its reserved goods leave the warehouse. Ensures: the shipment's id.
    /// Errors: "there is no order N", "a shipment needs a tracking code",
    /// "the tracking code x is already in use".
    std::int64_t create(std::int64_t order_id, const std::string& tracking,
                        const std::string& shipped_on);
    /// Notes that a shipment arrived.
    /// Errors: "shipment N cannot arrive on D1, it left on D2".
    void deliver(std::int64_t id, const std::string& delivered_on);
    /// Takes the goods of a delivered shipment back into the warehouse they came from.
    void take_back(std::int64_t id);

    /// Finds a shipment by its id.
    std::optional<shipment> find(std::int64_t id);
    /// Finds a shipment by its id. Errors: "there is no shipment N".
    shipment get(std::int64_t id);
    /// Finds a shipment by its tracking code.
    std::optional<shipment> find_by_tracking(const std::string& tracking);
    /// Finds the shipment of an order.
    std::optional<shipment> of_order(std::int64_t order_id);
    /// Lists the shipments on their way, by id.
    std::vector<shipment> in_transit();

  private:
    SQLite::Database& db_;
    statements sql_;
    orders orders_;
    inventory inventory_;
};

} // namespace shop
