#pragma once

#include "statements.hpp"

#include <vector>

namespace shop {

/// A currency of ISO 4217.
struct currency {
    std::string code; ///< such as "EUR"
    std::string numeric_code;
    std::string name;
    std::int64_t minor_digits; ///< 2 for cents, 0 for yen
};

/// Looks up currencies and writes amounts for people.
class currencies {
  public:
    explicit currencies(SQLite::Database& db) : sql_(db) {}

    /// Finds a currency by its three letters.
    std::optional<currency> find(const std::string& code);
    /// Finds a currency by its three letters. Errors: "there is no currency XXX".
    currency get(const std::string& code);
    /// Lists the currencies with so many digits after the point, by code.
    std::vector<currency> with_minor_digits(std::int64_t minor_digits);
    /// Counts the currencies.
    std::int64_t count();

    /// Writes an amount with its currency: 1234 EUR is "12.34 EUR", 500 JPY "500 JPY".
    /// Units: `amount_minor` in the minor unit. Errors: "there is no currency XXX".
    std::string format(std::int64_t amount_minor, const std::string& code);

  private:
    statements sql_;
};

} // namespace shop
