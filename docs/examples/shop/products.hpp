#pragma once

#include "statements.hpp"

#include <vector>

namespace shop {

/// Something the shop sells.
struct product {
    std::int64_t id;
    std::string sku;
    std::string name;
    std::int64_t category_id;
    std::int64_t price_minor;
    std::string currency_code;
    bool active; ///< only an active product can be ordered
};

/// What `products::add` needs.
struct new_product {
    std::string sku;
    std::string name;
    std::int64_t category_id;
    std::int64_t price_minor;
    std::string currency_code;
};

/// Keeps the products of the catalog.
/// Errors: every call that takes an id of a product that is not there says "there is no product N".
class products {
  public:
    explicit products(SQLite::Database& db) : db_(db), sql_(db) {}

    /// Adds an active product. Ensures: its id.
    /// Errors: "a product needs a name", "a price must be positive, not N",
    /// "there is no category N", "there is no currency XXX", "the SKU 's' is already taken".
    std::int64_t add(const new_product& added);
    /// Finds a product by its id.
    std::optional<product> find(std::int64_t id);
    /// Finds a product by its id. Errors: "there is no product N".
    product get(std::int64_t id);
    /// Finds a product by its SKU.
    std::optional<product> find_by_sku(const std::string& sku);
    /// Lists the active products whose name contains `text`, whatever the case, by id.
    std::vector<product> search(const std::string& text);
    /// Lists the products of a category, without those below it, by id.
    std::vector<product> in_category(std::int64_t category_id);
    /// Lists the products of a category and all below it, by id.
    std::vector<product> below_category(std::int64_t category_id);
    /// Lists the active products of a currency in a price range, the cheapest first.
    std::vector<product> priced_between(const std::string& currency_code, std::int64_t lowest_minor,
                                        std::int64_t highest_minor);
    /// Lists one page of all products, by id. Requires: `page` from 0.
    std::vector<product> page(std::int64_t page, std::int64_t page_size);
    /// Counts all products.
    std::int64_t count();
    /// Counts the active products.
    std::int64_t active_count();

    /// Renames a product. Errors: "a product needs a name".
    void rename(std::int64_t id, const std::string& name);
    /// Moves a product to another category. Errors: "there is no category N".
    void move(std::int64_t id, std::int64_t category_id);
    /// Sets the price. Ensures: the price before. Errors: "a price must be positive, not N".
    std::int64_t change_price(std::int64_t id, std::int64_t price_minor);
    /// Changes all prices of one category by a percentage, rounded down, never below 1.
    /// Ensures: how many. Errors: "there is no category N", "a price cannot fall by 100 % or more".
    std::int64_t change_prices(std::int64_t category_id, std::int64_t percent);
    /// Takes a product out of sale, or back into it.
    void set_active(std::int64_t id, bool active);
    /// Removes a product and its stock.
    /// Errors: "product N has been ordered and cannot be removed",
    /// "product N has stock movements and cannot be removed".
    void remove(std::int64_t id);

  private:
    void check_category(std::int64_t id);

    SQLite::Database& db_;
    statements sql_;
};

} // namespace shop
