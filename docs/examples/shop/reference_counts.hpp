#pragma once

#include <cstdint>

/// What `reference.sql` holds, exactly. The ISO lists grow from version to version, so they have no
/// number here: ask `shop::json_entries`.
namespace shop::reference {

inline constexpr std::int64_t categories = 40;
inline constexpr std::int64_t departments = 8; ///< ids 1..8, each with four categories below it
inline constexpr std::int64_t categories_per_department = 4;

inline constexpr std::int64_t products = 2000; ///< ids 1..2000
inline constexpr std::int64_t active_products = 1980;
inline constexpr std::int64_t products_per_category = 50;
inline constexpr std::int64_t products_per_adjective = 200; ///< "Compact" names products 1..200
inline constexpr std::int64_t products_in_eur = 1200;
inline constexpr std::int64_t products_in_usd = 400;
inline constexpr std::int64_t products_in_jpy = 400;

inline constexpr std::int64_t warehouses = 4; ///< odd products in 1 and 3, even ones in 2 and 4
inline constexpr std::int64_t stock_rows = 4000;
inline constexpr std::int64_t stock_rows_per_warehouse = 1000;
inline constexpr std::int64_t low_stock_rows = 80; ///< all in warehouses 2 and 4

inline constexpr std::int64_t customers = 500; ///< ids 1..500
inline constexpr std::int64_t customers_per_language = 100;
inline constexpr std::int64_t addresses = 750; ///< the first 500 are the default ones
inline constexpr std::int64_t promotions = 6;

/// Price of a product, by the rule of `reference.sql`. Units: minor units of its currency.
constexpr std::int64_t price_of(std::int64_t product_id) {
    return 199 + product_id * 7919 % 20000;
}

/// Quantity of a product in a warehouse that keeps it, by the rule of `reference.sql`.
constexpr std::int64_t quantity_of(std::int64_t product_id, std::int64_t warehouse_id) {
    return product_id % 50 == 0 ? 5 : 20 + (product_id * 31 + warehouse_id * 17) % 100;
}

} // namespace shop::reference
