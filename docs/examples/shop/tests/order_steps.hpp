#pragma once

#include "shop/inventory.hpp"
#include "shop/orders.hpp"
#include "shop/payments.hpp"
#include "shop/reference_counts.hpp"
#include "shop/shipping.hpp"

#include <cstdint>
#include <string>

/// What a test orders. By default customer 7 buys two pieces of product 1, from warehouse 1, in
/// euros.
struct wish {
    std::int64_t product_id = 1;
    std::int64_t quantity = 2;
    std::int64_t customer_id = 7;
    std::string opened_on = "2024-05-01";
};

/// Takes an order as far as a test wants it to be. `Fixture` is a session of a framework, or a
/// suite.
template <typename Fixture>
struct order_steps : Fixture {
    shop::orders& orders = this->template kept<shop::orders>();
    shop::inventory& stock = this->template kept<shop::inventory>();
    shop::payments& payments = this->template kept<shop::payments>();
    shop::shipping& shipping = this->template kept<shop::shipping>();

    /// Opens an order without lines.
    std::int64_t empty_draft(std::int64_t customer_id = 7) {
        return orders.open({customer_id, 1, "EUR", "2024-05-01"});
    }

    std::int64_t draft(const wish& wished = {}) {
        const std::int64_t id = orders.open({wished.customer_id, 1, "EUR", wished.opened_on});
        orders.add_line(id, wished.product_id, wished.quantity);
        return id;
    }

    std::int64_t placed(const wish& wished = {}) {
        const std::int64_t id = draft(wished);
        orders.place(id);
        return id;
    }

    std::int64_t paid(const wish& wished = {}) {
        const std::int64_t id = placed(wished);
        pay(id);
        return id;
    }

    /// Returns the id of the shipment.
    std::int64_t shipped(const std::string& tracking, const wish& wished = {}) {
        return shipping.create(paid(wished), tracking, "2024-05-03");
    }

    /// Returns the id of the shipment.
    std::int64_t delivered(const std::string& tracking, const wish& wished = {}) {
        const std::int64_t id = shipped(tracking, wished);
        shipping.deliver(id, "2024-05-06");
        return id;
    }

    /// Pays a placed order with one card payment and returns the id of that.
    std::int64_t pay(std::int64_t order_id) {
        const std::int64_t id =
            payments.authorise(order_id, payments.outstanding(order_id), "card");
        payments.capture(id);
        return id;
    }

    shop::order_status status_of(std::int64_t order_id) { return orders.get(order_id).status; }

    std::int64_t reserved(std::int64_t product_id, std::int64_t warehouse_id = 1) {
        return stock.get(product_id, warehouse_id).reserved;
    }

    std::int64_t quantity(std::int64_t product_id, std::int64_t warehouse_id = 1) {
        return stock.get(product_id, warehouse_id).quantity;
    }
};
