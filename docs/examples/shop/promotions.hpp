#pragma once

#include "orders.hpp"
#include "statements.hpp"

#include <vector>

namespace shop {

/// A code that makes an order cheaper.
struct promotion {
    std::string code; ///< in capitals
    std::string kind; ///< "percent" or "amount"
    std::int64_t value;
    std::optional<std::string> currency_code; ///< always there for an amount
    std::int64_t minimum_minor;               ///< of the subtotal
    std::string starts_on;
    std::string ends_on; ///< the last day
    std::optional<std::int64_t> maximum_uses = std::nullopt;
};

/// Keeps the promotions. Codes are found whatever their case.
/// Errors: "there is no promotion CODE" from every call with a code that is not there.
class promotions {
  public:
    explicit promotions(SQLite::Database& db) : sql_(db), orders_(db) {}

    /// Adds a promotion; its code is stored in capitals.
    /// Errors: "a promotion needs a code", "a promotion is a percent or an amount, not 'x'",
    /// "a percentage is between 1 and 100, not N", "an amount must be positive, not N",
    /// "an amount needs a currency", "there is no currency XXX",
    /// "a promotion cannot end before it starts", "promotion CODE already exists".
    void add(const promotion& added);
    /// Finds a promotion.
    std::optional<promotion> find(const std::string& code);
    /// Finds a promotion. Errors: "there is no promotion CODE".
    promotion get(const std::string& code);
    /// Lists the promotions that are valid on a day, by code.
    std::vector<promotion> valid_on(const std::string& day);
    /// Counts all promotions.
    std::int64_t count();
    /// Counts the orders with this promotion that were not cancelled.
    std::int64_t uses(const std::string& code);
    /// Makes a day the last one. Errors: "a promotion cannot end before it starts".
    void end(const std::string& code, const std::string& last_day);

    /// Computes what a promotion takes off a subtotal.
    /// Errors: "promotion CODE is not valid on DAY", "promotion CODE is in XXX, not YYY",
    /// "promotion CODE needs a subtotal of N, not M".
    std::int64_t discount(const std::string& code, const std::string& currency_code,
                          std::int64_t subtotal_minor, const std::string& day);
    /// Gives a promotion to a draft, in place of the one it may have. Ensures: the discount.
    /// Errors: "there is no order N", "order N is S, only a draft can be changed",
    /// "promotion CODE has been used up", and those of `discount`.
    std::int64_t apply(std::int64_t order_id, const std::string& code, const std::string& day);
    /// Takes the promotion off a draft. Errors: as `apply`.
    void remove_from(std::int64_t order_id);

  private:
    order draft(std::int64_t order_id);
    void check(const promotion& added);

    statements sql_;
    orders orders_;
};

} // namespace shop
