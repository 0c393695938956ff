#include "lists.hpp"
#include "order_test.hpp"

#include "shop/error.hpp"

#include <stdexcept>

namespace reference = shop::reference;

namespace reservations {

struct reservations_test : order_test {
    /// All pieces of the shop that are promised to somebody.
    std::int64_t all_reserved() { return value<std::int64_t>("SELECT sum(reserved) FROM stock"); }
};

// Of product 1 warehouse 1 has 68.
constexpr std::int64_t in_stock = reference::quantity_of(1, 1);

template <std::int64_t Quantity>
struct pieces {
    static constexpr std::int64_t quantity = Quantity;
};
using one_piece = pieces<1>;
using all_but_one = pieces<in_stock - 1>;
using all_of_them = pieces<in_stock>;

using no_piece = pieces<0>;
using less_than_none = pieces<-3>;

struct one_too_many {
    static constexpr std::int64_t quantity = in_stock + 1;
    static constexpr auto error =
        "not enough stock of product 1 in warehouse 1: 69 wanted, 68 available";
};
struct far_too_many {
    static constexpr std::int64_t quantity = 1'000'000;
    static constexpr auto error =
        "not enough stock of product 1 in warehouse 1: 1000000 wanted, 68 available";
};

TEST_SUITE("reservations") {
    TEST_CASE_FIXTURE(reservations_test, "nothing is reserved at first") {
        CHECK(all_reserved() == 0);
        CHECK(orders.count() == 0);
    }

    TEST_CASE_TEMPLATE("what is available can be reserved", Wanted, one_piece, all_but_one,
                       all_of_them) {
        reservations_test test;
        test.stock.reserve(1, 1, Wanted::quantity);
        CHECK(test.reserved(1) == Wanted::quantity);
        CHECK(test.quantity(1) == in_stock);
        CHECK(test.stock.get(1, 1).available() == in_stock - Wanted::quantity);
        CHECK(test.all_reserved() == Wanted::quantity);
    }

    TEST_CASE_TEMPLATE("what is not there cannot be reserved", Wanted, one_too_many, far_too_many) {
        reservations_test test;
        CHECK_THROWS_WITH_AS(test.stock.reserve(1, 1, Wanted::quantity), Wanted::error,
                             shop::error);
        CHECK(test.all_reserved() == 0);
    }

    TEST_CASE_TEMPLATE("only a positive quantity is reserved or released", Wanted, no_piece,
                       less_than_none) {
        reservations_test test;
        test.stock.reserve(1, 1, 5);
        const std::string text =
            "a quantity must be positive, not " + std::to_string(Wanted::quantity);
        CHECK_THROWS_WITH_AS(test.stock.reserve(1, 1, Wanted::quantity), text.c_str(), shop::error);
        CHECK_THROWS_WITH_AS(test.stock.release(1, 1, Wanted::quantity), text.c_str(), shop::error);
        CHECK(test.all_reserved() == 5);
    }

    TEST_CASE_FIXTURE(reservations_test, "reservations of a product add up") {
        stock.reserve(1, 1, 60);
        stock.reserve(1, 1, 8);
        CHECK(reserved(1) == 68);
        CHECK_THROWS_WITH_AS(stock.reserve(1, 1, 1),
                             "not enough stock of product 1 in warehouse 1: 1 wanted, 0 available",
                             shop::error);
    }

    TEST_CASE_FIXTURE(reservations_test, "each warehouse keeps its own reservations") {
        stock.reserve(1, 1, 10);
        CHECK(reserved(1, 1) == 10);
        CHECK(reserved(1, 3) == 0);
        CHECK(stock.available(1) ==
              reference::quantity_of(1, 1) + reference::quantity_of(1, 3) - 10);
    }

    TEST_CASE_FIXTURE(reservations_test, "a product is reserved only where it is kept") {
        CHECK_THROWS_WITH_AS(stock.reserve(1, 2, 1), "product 1 is not kept in warehouse 2",
                             shop::error);
        CHECK_THROWS_WITH_AS(stock.release(1, 2, 1), "product 1 is not kept in warehouse 2",
                             shop::error);
    }

    TEST_CASE_FIXTURE(reservations_test, "a reservation is no movement") {
        stock.reserve(1, 1, 10);
        stock.release(1, 1, 10);
        CHECK(stock.movement_count() == 0);
        CHECK(stock.receive(1, 1, 1) == 1);
    }

    TEST_CASE_FIXTURE(reservations_test, "a released piece is available again") {
        stock.reserve(1, 1, 68);
        stock.release(1, 1, 3);
        CHECK(stock.get(1, 1).available() == 3);
        stock.reserve(1, 1, 3);
        CHECK(reserved(1) == 68);
    }

    TEST_CASE_FIXTURE(reservations_test, "no more is released than is reserved") {
        stock.reserve(1, 1, 2);
        CHECK_THROWS_WITH_AS(stock.release(1, 1, 3),
                             "only 2 of product 1 are reserved in warehouse 1, not 3", shop::error);
        CHECK(reserved(1) == 2);
    }

    TEST_CASE_FIXTURE(reservations_test, "a draft reserves nothing") {
        CHECK(draft({1, 10}) == 1);
        CHECK(all_reserved() == 0);
    }

    TEST_CASE_FIXTURE(reservations_test, "a placed order reserves its goods") {
        CHECK(placed({1, 10}) == 1);
        CHECK(reserved(1) == 10);
        CHECK(quantity(1) == in_stock);
    }

    TEST_CASE_FIXTURE(reservations_test, "an order reserves the goods of all its lines") {
        const std::int64_t order = draft({1, 10});
        orders.add_line(order, 3, 4);
        orders.add_line(order, 5, 1);
        orders.place(order);
        CHECK(values<std::int64_t>("SELECT reserved FROM stock WHERE warehouse_id = 1"
                                   " AND product_id IN (1, 3, 5) ORDER BY product_id") ==
              ids{10, 4, 1});
        CHECK(all_reserved() == 15);
    }

    TEST_CASE_FIXTURE(reservations_test, "orders of several customers share the stock") {
        placed({1, 60, 7});
        const std::int64_t late = draft({1, 9, 8});
        CHECK_THROWS_WITH_AS(orders.place(late),
                             "not enough stock of product 1 in warehouse 1: 9 wanted, 8 available",
                             shop::error);
        orders.change_quantity(late, 1, 8);
        orders.place(late);
        CHECK(stock.get(1, 1).available() == 0);
    }

    TEST_CASE_FIXTURE(reservations_test, "an order reserves all of its goods or none") {
        const std::int64_t order = draft({1, 10});
        orders.add_line(order, 3, 1000);
        CHECK_THROWS_WITH_AS(
            orders.place(order),
            "not enough stock of product 3 in warehouse 1: 1000 wanted, 30 available", shop::error);
        CHECK(all_reserved() == 0);
        CHECK(status_of(order) == shop::order_status::draft);
    }

    TEST_CASE_FIXTURE(reservations_test, "an order that was refused can be made to fit") {
        const std::int64_t order = draft({1, 10});
        const std::int64_t line = orders.add_line(order, 3, 1000);
        CHECK_THROWS_AS(orders.place(order), shop::error);
        orders.remove_line(order, line);
        orders.place(order);
        CHECK(all_reserved() == 10);
    }

    TEST_CASE_FIXTURE(reservations_test, "goods of another warehouse do not help an order") {
        const std::int64_t order = draft({1, 69});
        stock.receive(1, 3, 100);
        CHECK_THROWS_AS(orders.place(order), shop::error);
        stock.transfer(1, 3, 1, 1);
        orders.place(order);
        CHECK(reserved(1) == 69);
    }

    TEST_CASE_FIXTURE(reservations_test, "goods that come in can be reserved") {
        stock.reserve(1, 1, 68);
        CHECK(stock.receive(1, 1, 5) == 1);
        stock.reserve(1, 1, 5);
        CHECK(reserved(1) == 73);
    }

    TEST_CASE_FIXTURE(reservations_test, "paying for an order keeps its goods reserved") {
        paid({1, 10});
        CHECK(reserved(1) == 10);
        CHECK(quantity(1) == in_stock);
    }

    TEST_CASE_FIXTURE(reservations_test, "sending an order ends its reservation") {
        shipped("T1", {1, 10});
        CHECK(reserved(1) == 0);
        CHECK(quantity(1) == in_stock - 10);
    }

    TEST_CASE_FIXTURE(reservations_test, "goods are sent only out of a reservation") {
        const std::int64_t order = paid({1, 10});
        stock.release(1, 1, 1);
        CHECK_THROWS_WITH_AS(shipping.create(order, "T1", "2024-05-03"),
                             "only 9 of product 1 are reserved in warehouse 1, not 10",
                             shop::error);
        CHECK(status_of(order) == shop::order_status::paid);
        CHECK(value<int>("SELECT count(*) FROM shipments") == 0);
    }

    TEST_CASE_FIXTURE(reservations_test, "reserved goods count as not available in low_stock") {
        CHECK(value<int>("SELECT count(*) FROM low_stock WHERE warehouse_id = 1") == 0);
        stock.reserve(1, 1, 59);
        CHECK(value<int>("SELECT available FROM low_stock WHERE warehouse_id = 1") == 9);
    }

    TEST_CASE_FIXTURE(reservations_test, "the database itself refuses to promise too much") {
        CHECK_THROWS_AS(execute("UPDATE stock SET reserved = quantity + 1 WHERE product_id = 1"),
                        std::runtime_error);
        CHECK(all_reserved() == 0);
    }

    TEST_CASE_FIXTURE(reservations_test, "each subcase reserves out of the full stock") {
        SUBCASE("all by hand") {
            stock.reserve(1, 1, in_stock);
        }
        SUBCASE("all for one order") {
            CHECK(placed({1, in_stock}) == 1);
        }
        SUBCASE("all for two orders") {
            CHECK(placed({1, 60}) == 1);
            CHECK(placed({1, 8}) == 2);
        }
        SUBCASE("all at the second attempt") {
            stock.reserve(1, 1, 1);
            stock.release(1, 1, 1);
            CHECK(placed({1, in_stock}) == 1);
        }
        CHECK(all_reserved() == in_stock);
    }
}

} // namespace reservations
