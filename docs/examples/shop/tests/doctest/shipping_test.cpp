#include "lists.hpp"
#include "order_test.hpp"

#include "shop/error.hpp"

using shop::order_status;
namespace reference = shop::reference;

namespace shipping {

struct shipping_test : order_test {
    int shipments() { return value<int>("SELECT count(*) FROM shipments"); }
};

struct a_draft {
    static constexpr auto error = "order 1 cannot go from draft to shipped";
    static void make(order_test& test) { test.draft(); }
};
struct a_placed_order {
    static constexpr auto error = "order 1 cannot go from placed to shipped";
    static void make(order_test& test) { test.placed(); }
};
struct a_cancelled_order {
    static constexpr auto error = "order 1 cannot go from cancelled to shipped";
    static void make(order_test& test) { test.orders.cancel(test.placed()); }
};
struct a_refunded_and_cancelled_order {
    static constexpr auto error = "order 1 cannot go from cancelled to shipped";
    static void make(order_test& test) {
        test.paid();
        test.payments.refund(1, test.payments.captured(1));
        test.orders.cancel(1);
    }
};

template <std::int64_t Warehouse, std::int64_t Product>
struct warehouse {
    static constexpr std::int64_t id = Warehouse, product = Product;
};
using berlin = warehouse<1, 1>;
using lyon = warehouse<2, 2>;
using new_york = warehouse<3, 3>;
using tokyo = warehouse<4, 4>;

TEST_SUITE("shipping") {
    TEST_CASE_FIXTURE(shipping_test, "a paid order can be shipped") {
        const std::int64_t order = paid();
        CHECK(shipping.create(order, "T1", "2024-05-03") == 1);
        const shop::shipment sent = shipping.get(1);
        CHECK(sent.order_id == order);
        CHECK(sent.tracking == "T1");
        CHECK(sent.status == "in_transit");
        CHECK(sent.shipped_on == "2024-05-03");
        CHECK_FALSE(sent.delivered_on);
        CHECK(status_of(order) == order_status::shipped);
    }

    TEST_CASE_TEMPLATE("an order is not shipped before it is paid or after it is cancelled", Order,
                       a_draft, a_placed_order, a_cancelled_order, a_refunded_and_cancelled_order) {
        shipping_test test;
        Order::make(test);
        CHECK_THROWS_WITH_AS(test.shipping.create(1, "T1", "2024-05-03"), Order::error,
                             shop::error);
        CHECK(test.shipments() == 0);
        CHECK(test.stock.movement_count() == 0);
    }

    TEST_CASE_TEMPLATE("goods leave the warehouse of their order", Warehouse, berlin, lyon,
                       new_york, tokyo) {
        shipping_test test;
        const std::int64_t order = test.orders.open({7, Warehouse::id, "EUR", "2024-05-01"});
        test.orders.add_line(order, Warehouse::product, 3);
        test.orders.place(order);
        test.pay(order);
        test.shipping.create(order, "T1", "2024-05-03");
        CHECK(test.quantity(Warehouse::product, Warehouse::id) ==
              reference::quantity_of(Warehouse::product, Warehouse::id) - 3);
        CHECK(test.value<std::int64_t>("SELECT warehouse_id FROM stock_movements") ==
              Warehouse::id);
    }

    TEST_CASE_FIXTURE(shipping_test, "an order is shipped once") {
        shipped("T1");
        CHECK_THROWS_WITH_AS(shipping.create(1, "T2", "2024-05-04"),
                             "order 1 cannot go from shipped to shipped", shop::error);
        CHECK(shipments() == 1);
        CHECK(quantity(1) == reference::quantity_of(1, 1) - 2);
    }

    TEST_CASE_FIXTURE(shipping_test, "the ledger names the order of a sale") {
        shipped("T1", {1, 10});
        const auto movements = stock.movements_for_order(1);
        REQUIRE(ids_of(movements) == ids{1});
        CHECK(movements[0].reason == "sale");
        CHECK(movements[0].change == -10);
        CHECK(movements[0].order_id == 1);
    }

    TEST_CASE_FIXTURE(shipping_test, "each line of an order leaves its own movement") {
        const std::int64_t order = draft({1, 10});
        orders.add_line(order, 3, 4);
        orders.add_line(order, 5, 1);
        orders.place(order);
        pay(order);
        shipping.create(order, "T1", "2024-05-03");
        CHECK(values<std::int64_t>("SELECT product_id FROM stock_movements ORDER BY id") ==
              ids{1, 3, 5});
        CHECK(values<std::int64_t>("SELECT change FROM stock_movements ORDER BY id") ==
              ids{-10, -4, -1});
    }

    TEST_CASE_FIXTURE(shipping_test, "a shipment needs a tracking code") {
        const std::int64_t order = paid();
        CHECK_THROWS_WITH_AS(shipping.create(order, "", "2024-05-03"),
                             "a shipment needs a tracking code", shop::error);
        CHECK(status_of(order) == order_status::paid);
    }

    TEST_CASE_FIXTURE(shipping_test, "a tracking code belongs to one shipment") {
        shipped("T1");
        const std::int64_t second = paid({3, 5, 8});
        CHECK_THROWS_WITH_AS(shipping.create(second, "T1", "2024-05-03"),
                             "the tracking code T1 is already in use", shop::error);
        CHECK(status_of(second) == order_status::paid);
        CHECK(reserved(3) == 5);
        CHECK(shipping.create(second, "T2", "2024-05-03") == 2);
    }

    TEST_CASE_FIXTURE(shipping_test, "a shipment is found by its tracking code and its order") {
        CHECK(shipped("T1", {1, 1, 7}) == 1);
        CHECK(shipped("T2", {1, 1, 8}) == 2);
        CHECK(shipping.find_by_tracking("T2").value().order_id == 2);
        CHECK(shipping.of_order(1).value().tracking == "T1");
        CHECK_FALSE(shipping.find_by_tracking("T3"));
        CHECK_FALSE(shipping.of_order(3));
    }

    TEST_CASE_FIXTURE(shipping_test, "shipments on their way can be listed") {
        shipped("T1");
        delivered("T2");
        shipped("T3");
        CHECK(ids_of(shipping.in_transit()) == ids{1, 3});
    }

    TEST_CASE_FIXTURE(shipping_test, "a shipment arrives") {
        shipped("T1");
        shipping.deliver(1, "2024-05-06");
        CHECK(shipping.get(1).status == "delivered");
        CHECK(shipping.get(1).delivered_on == "2024-05-06");
        CHECK(status_of(1) == order_status::delivered);
    }

    TEST_CASE_FIXTURE(shipping_test, "a shipment can arrive on the day it left") {
        shipped("T1");
        shipping.deliver(1, "2024-05-03");
        CHECK(shipping.get(1).delivered_on == "2024-05-03");
    }

    TEST_CASE_FIXTURE(shipping_test, "a shipment does not arrive before it left") {
        shipped("T1");
        CHECK_THROWS_WITH_AS(shipping.deliver(1, "2024-05-02"),
                             "shipment 1 cannot arrive on 2024-05-02, it left on 2024-05-03",
                             shop::error);
        CHECK(status_of(1) == order_status::shipped);
    }

    TEST_CASE_FIXTURE(shipping_test, "a shipment arrives once") {
        delivered("T1");
        CHECK_THROWS_WITH_AS(shipping.deliver(1, "2024-05-07"),
                             "order 1 cannot go from delivered to delivered", shop::error);
        CHECK(shipping.get(1).delivered_on == "2024-05-06");
    }

    TEST_CASE_FIXTURE(shipping_test, "goods that come back are in stock again") {
        delivered("T1", {1, 10});
        CHECK(quantity(1) == reference::quantity_of(1, 1) - 10);
        shipping.take_back(1);
        CHECK(quantity(1) == reference::quantity_of(1, 1));
        CHECK(values<std::string>("SELECT reason FROM stock_movements ORDER BY id") ==
              texts{"sale", "return"});
        CHECK(shipping.get(1).status == "returned");
        CHECK(status_of(1) == order_status::returned);
    }

    TEST_CASE_FIXTURE(shipping_test, "a shipment comes back only after it arrived") {
        shipped("T1");
        CHECK_THROWS_WITH_AS(shipping.take_back(1), "order 1 cannot go from shipped to returned",
                             shop::error);
        CHECK(stock.movement_count() == 1);
    }

    TEST_CASE_FIXTURE(shipping_test, "a shipment comes back once") {
        delivered("T1");
        shipping.take_back(1);
        CHECK_THROWS_WITH_AS(shipping.take_back(1), "order 1 cannot go from returned to returned",
                             shop::error);
        CHECK(stock.movement_count() == 2);
    }

    TEST_CASE_FIXTURE(shipping_test, "nothing happens to a shipment that is not there") {
        CHECK_FALSE(shipping.find(1));
        CHECK_THROWS_WITH_AS(shipping.deliver(1, "2024-05-06"), "there is no shipment 1",
                             shop::error);
        CHECK_THROWS_WITH_AS(shipping.take_back(1), "there is no shipment 1", shop::error);
        CHECK_THROWS_WITH_AS(shipping.create(1, "T1", "2024-05-03"), "there is no order 1",
                             shop::error);
    }

    TEST_CASE_FIXTURE(shipping_test, "each subcase sends the first shipment of the shop") {
        SUBCASE("and it is on its way") {
            CHECK(shipped("T1", {1, 10}) == 1);
        }
        SUBCASE("and it arrives") {
            CHECK(delivered("T1", {1, 10}) == 1);
        }
        SUBCASE("and it comes back and goes out again") {
            CHECK(delivered("T0", {1, 10}) == 1);
            shipping.take_back(1);
            CHECK(shipped("T1", {1, 10}) == 2);
        }
        CHECK(shipping.find_by_tracking("T1"));
        CHECK(quantity(1) == reference::quantity_of(1, 1) - 10);
    }
}

} // namespace shipping
