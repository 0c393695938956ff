#pragma once

#include "shop/orders.hpp"
#include "shop/reference_counts.hpp"

#include "shop_test.hpp"

#include <string>

/// The fixture of the tests about orders: customer 1 buys from warehouse 1, in euros.
/// The warehouse keeps the products with odd numbers; 1 to 119 of them have prices in euros.
struct order_test : shop_test {
    shop::orders& orders = kept<shop::orders>();

    std::int64_t open_order(std::int64_t customer_id = 1, const std::string& currency = "EUR") {
        return orders.open({customer_id, 1, currency, "2024-04-01"});
    }

    /// Places an order of one line.
    std::int64_t place_order(std::int64_t product_id = 1, std::int64_t quantity = 2) {
        const std::int64_t id = open_order();
        orders.add_line(id, product_id, quantity);
        orders.place(id);
        return id;
    }

    std::int64_t reserved(std::int64_t product_id = 1) {
        return value<std::int64_t>(
            "SELECT reserved FROM stock WHERE product_id = ? AND warehouse_id = 1", product_id);
    }
};
