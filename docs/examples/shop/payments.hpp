#pragma once

#include "orders.hpp"
#include "statements.hpp"

#include <vector>

namespace shop {

/// Money for an order.
struct payment {
    std::int64_t id;
    std::int64_t order_id;
    std::string method; ///< "card", "transfer" or "voucher"
    std::int64_t amount_minor;
    std::int64_t refunded_minor;
    std::string status; ///< "authorised", "captured", "voided" or "refunded"
};

/// Keeps the payments: authorised first, then captured or voided, then maybe refunded.
/// Errors: "there is no payment N" from every call with an id that is not there;
/// "payment N is S, not T" from every step it is not ready for.
class payments {
  public:
    explicit payments(SQLite::Database& db) : db_(db), sql_(db), orders_(db) {}

    /// Authorises a part or all of what a placed order still costs. Ensures: the payment's id.
    /// Errors: "there is no order N", "order N is S, not placed",
    /// "a payment is made by card, transfer or voucher, not 'x'",
    /// "an amount must be positive, not N", "order N needs M more, not A".
    std::int64_t authorise(std::int64_t order_id, std::int64_t amount_minor,
                           const std::string& method);
    /// Takes the authorised money. The order is paid as soon as its total is captured.
    void capture(std::int64_t id);
    /// Gives an authorisation up.
    void void_authorisation(std::int64_t id);
    /// Pays back a part or all of a captured payment; wholly paid back, it is refunded.
    /// Errors: "an amount must be positive, not N", "payment N has only M left to refund, not A".
    void refund(std::int64_t id, std::int64_t amount_minor);
    /// Marks a placed order as paid that costs nothing.
    /// Errors: "order N is S, not placed", "order N is not free, it costs M".
    void accept_free(std::int64_t order_id);

    /// Finds a payment by its id.
    std::optional<payment> find(std::int64_t id);
    /// Finds a payment by its id. Errors: "there is no payment N".
    payment get(std::int64_t id);
    /// Lists the payments of an order, by id.
    std::vector<payment> of_order(std::int64_t order_id);
    /// Adds up what was captured for an order and not refunded.
    std::int64_t captured(std::int64_t order_id);
    /// Says what an order still needs beyond what is authorised or captured.
    /// Errors: "there is no order N".
    std::int64_t outstanding(std::int64_t order_id);

  private:
    payment in_status(std::int64_t id, const std::string& status);
    void check_placed(std::int64_t order_id);

    SQLite::Database& db_;
    statements sql_;
    orders orders_;
};

} // namespace shop
