#pragma once

#include "statements.hpp"

#include <vector>

namespace shop {

/// What a category sold.
struct category_sales {
    std::int64_t category_id;
    std::string name;
    std::int64_t orders; ///< with at least one product of the category
    std::int64_t units;
    std::int64_t revenue_minor;
};

/// What a product sold.
struct product_sales {
    std::int64_t product_id;
    std::string sku;
    std::int64_t units;
    std::int64_t revenue_minor;
};

/// What was sold to a country.
struct country_sales {
    std::string country_code;
    std::int64_t orders;
    std::int64_t revenue_minor;
};

/// What was sold on a day.
struct day_sales {
    std::string day;
    std::int64_t orders;
    std::int64_t revenue_minor;
};

/// A product that runs out in a warehouse.
struct low_stock_line {
    std::int64_t product_id;
    std::string sku;
    std::string name;
    std::int64_t warehouse_id;
    std::int64_t available;
    std::int64_t reorder_level;
};

/// Answers what the owner of the shop asks. Sold is what was paid for and neither cancelled nor
/// returned; revenue is before discounts, in the minor unit of the currency asked for.
class reports {
  public:
    explicit reports(SQLite::Database& db) : sql_(db) {}

    /// Lists the categories that sold anything, the highest revenue first.
    std::vector<category_sales> sales_per_category(const std::string& currency_code);
    /// Lists the products with the most units sold, whatever the currency; ties by id.
    std::vector<product_sales> best_sellers(std::int64_t limit);
    /// Lists the countries that bought, the highest revenue first; ties by code.
    std::vector<country_sales> sales_per_country(const std::string& currency_code);
    /// Lists the days with sales between two days, both included, by day.
    std::vector<day_sales> sales_per_day(const std::string& currency_code, const std::string& from,
                                         const std::string& to);
    /// Adds up what a customer bought.
    std::int64_t customer_revenue(std::int64_t customer_id, const std::string& currency_code);
    /// Adds up everything sold.
    std::int64_t revenue(const std::string& currency_code);
    /// Counts the active products that nobody ever bought.
    std::int64_t never_sold();

    /// Lists what is available below its reorder level, the scarcest first; ties by product id,
    /// then warehouse.
    std::vector<low_stock_line> low_stock();
    /// Lists the same for one warehouse.
    std::vector<low_stock_line> low_stock(std::int64_t warehouse_id);
    /// Adds up the price of everything in a warehouse, reserved or not.
    std::int64_t stock_value(std::int64_t warehouse_id, const std::string& currency_code);

  private:
    statements sql_;
};

} // namespace shop
