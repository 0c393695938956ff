#include "lists.hpp"
#include "order_test.hpp"

#include "shop/error.hpp"
#include "shop/products.hpp"

#include <stdexcept>

namespace reference = shop::reference;

namespace order_lines {

struct order_lines_test : order_test {
    shop::products& products = kept<shop::products>();

    ids products_of(std::int64_t order_id) {
        ids found;
        for (const shop::order_line& line : orders.lines(order_id)) {
            found.push_back(line.product_id);
        }
        return found;
    }
};

// How far an order has come when somebody tries to change its lines.
struct a_placed_order {
    static constexpr auto error = "order 1 is placed, only a draft can be changed";
    static void make(order_test& test) { test.placed(); }
};
struct a_paid_order {
    static constexpr auto error = "order 1 is paid, only a draft can be changed";
    static void make(order_test& test) { test.paid(); }
};
struct a_shipped_order {
    static constexpr auto error = "order 1 is shipped, only a draft can be changed";
    static void make(order_test& test) { test.shipped("T1"); }
};
struct a_delivered_order {
    static constexpr auto error = "order 1 is delivered, only a draft can be changed";
    static void make(order_test& test) { test.delivered("T1"); }
};
struct a_cancelled_order {
    static constexpr auto error = "order 1 is cancelled, only a draft can be changed";
    static void make(order_test& test) { test.orders.cancel(test.placed()); }
};

struct a_product_in_dollars {
    static constexpr std::int64_t product = 121;
    static constexpr auto error = "order 1 is in EUR, product 121 costs USD";
};
struct a_product_in_yen {
    static constexpr std::int64_t product = 161;
    static constexpr auto error = "order 1 is in EUR, product 161 costs JPY";
};
struct a_product_out_of_sale {
    static constexpr std::int64_t product = 100;
    static constexpr auto error = "product 100 is not for sale";
};
struct a_product_that_is_not_there {
    static constexpr std::int64_t product = 2001;
    static constexpr auto error = "there is no product 2001";
};

TEST_SUITE("order_lines") {
    TEST_CASE_FIXTURE(order_lines_test, "the first line has number 1 and today's price") {
        CHECK(orders.add_line(empty_draft(), 3, 4) == 1);
        const auto lines = orders.lines(1);
        REQUIRE(lines.size() == 1);
        CHECK(lines[0].line == 1);
        CHECK(lines[0].product_id == 3);
        CHECK(lines[0].quantity == 4);
        CHECK(lines[0].price_minor == reference::price_of(3));
    }

    TEST_CASE_FIXTURE(order_lines_test, "lines are numbered one after the other") {
        const std::int64_t order = empty_draft();
        CHECK(orders.add_line(order, 5, 1) == 1);
        CHECK(orders.add_line(order, 1, 1) == 2);
        CHECK(orders.add_line(order, 3, 1) == 3);
        CHECK(products_of(order) == ids{5, 1, 3});
    }

    TEST_CASE_FIXTURE(order_lines_test, "each order numbers its own lines") {
        CHECK(draft({1, 1}) == 1);
        CHECK(draft({3, 1}) == 2);
        CHECK(orders.lines(1).at(0).line == 1);
        CHECK(orders.lines(2).at(0).line == 1);
        CHECK(value<int>("SELECT count(*) FROM order_lines") == 2);
    }

    TEST_CASE_FIXTURE(order_lines_test, "more pieces of a product join its line") {
        const std::int64_t order = draft({1, 2});
        CHECK(orders.add_line(order, 3, 1) == 2);
        CHECK(orders.add_line(order, 1, 5) == 1);
        CHECK(orders.lines(order).at(0).quantity == 7);
        CHECK(value<int>("SELECT count(*) FROM order_lines") == 2);
    }

    TEST_CASE_FIXTURE(order_lines_test, "more pieces come at the price of the line") {
        const std::int64_t order = draft({1, 2});
        products.change_price(1, 100);
        orders.add_line(order, 1, 1);
        CHECK(orders.lines(order).at(0).price_minor == reference::price_of(1));
        CHECK(orders.total(order).subtotal_minor == 3 * reference::price_of(1));
    }

    TEST_CASE_FIXTURE(order_lines_test, "a removed line comes back at the new price") {
        const std::int64_t order = draft({1, 2});
        products.change_price(1, 100);
        orders.remove_line(order, 1);
        CHECK(orders.add_line(order, 1, 2) == 1);
        CHECK(orders.total(order).subtotal_minor == 200);
    }

    TEST_CASE_TEMPLATE("a line is not added", Wanted, a_product_in_dollars, a_product_in_yen,
                       a_product_out_of_sale, a_product_that_is_not_there) {
        order_lines_test test;
        const std::int64_t order = test.draft();
        CHECK_THROWS_WITH_AS(test.orders.add_line(order, Wanted::product, 1), Wanted::error,
                             shop::error);
        CHECK(test.products_of(order) == ids{1});
    }

    TEST_CASE_TEMPLATE("no line changes after the draft", Order, a_placed_order, a_paid_order,
                       a_shipped_order, a_delivered_order, a_cancelled_order) {
        order_lines_test test;
        Order::make(test);
        CHECK_THROWS_WITH_AS(test.orders.add_line(1, 3, 1), Order::error, shop::error);
        CHECK_THROWS_WITH_AS(test.orders.change_quantity(1, 1, 9), Order::error, shop::error);
        CHECK_THROWS_WITH_AS(test.orders.remove_line(1, 1), Order::error, shop::error);
        CHECK(test.value<int>("SELECT quantity FROM order_lines") == 2);
    }

    TEST_CASE_FIXTURE(order_lines_test, "a line needs a positive quantity") {
        const std::int64_t order = draft();
        CHECK_THROWS_WITH_AS(orders.add_line(order, 3, 0), "a quantity must be positive, not 0",
                             shop::error);
        CHECK_THROWS_WITH_AS(orders.change_quantity(order, 1, -1),
                             "a quantity must be positive, not -1", shop::error);
        CHECK(products_of(order) == ids{1});
    }

    TEST_CASE_FIXTURE(order_lines_test, "a line takes another quantity") {
        const std::int64_t order = draft({1, 2});
        orders.change_quantity(order, 1, 9);
        CHECK(orders.lines(order).at(0).quantity == 9);
        CHECK(orders.total(order).total_minor == 9 * reference::price_of(1));
    }

    TEST_CASE_FIXTURE(order_lines_test, "only a line that is there changes") {
        const std::int64_t order = draft();
        CHECK_THROWS_WITH_AS(orders.change_quantity(order, 2, 5), "order 1 has no line 2",
                             shop::error);
        CHECK_THROWS_WITH_AS(orders.remove_line(order, 2), "order 1 has no line 2", shop::error);
    }

    TEST_CASE_FIXTURE(order_lines_test, "the other lines keep their numbers") {
        const std::int64_t order = draft({1, 1});
        orders.add_line(order, 3, 1);
        orders.add_line(order, 5, 1);
        orders.remove_line(order, 2);
        CHECK(values<int>("SELECT line FROM order_lines ORDER BY line") == std::vector<int>{1, 3});
        CHECK(orders.add_line(order, 7, 1) == 4);
    }

    TEST_CASE_FIXTURE(order_lines_test, "an order can lose its last line") {
        const std::int64_t order = draft();
        orders.remove_line(order, 1);
        CHECK(orders.lines(order).empty());
        CHECK(orders.total(order).total_minor == 0);
        CHECK_THROWS_WITH_AS(orders.place(order), "order 1 has no lines", shop::error);
    }

    TEST_CASE_FIXTURE(order_lines_test, "a draft may want more than there is") {
        const std::int64_t order = draft({1, 1'000'000});
        CHECK(orders.lines(order).at(0).quantity == 1'000'000);
        CHECK(reserved(1) == 0);
    }

    TEST_CASE_FIXTURE(order_lines_test, "an order in dollars takes products in dollars") {
        const std::int64_t order = orders.open({7, 1, "USD", "2024-05-01"});
        CHECK(orders.add_line(order, 121, 1) == 1);
        CHECK_THROWS_WITH_AS(orders.add_line(order, 1, 1), "order 1 is in USD, product 1 costs EUR",
                             shop::error);
    }

    TEST_CASE_FIXTURE(order_lines_test, "an order that is not there has no lines") {
        CHECK_THROWS_WITH_AS(orders.lines(1), "there is no order 1", shop::error);
        CHECK_THROWS_WITH_AS(orders.add_line(1, 1, 1), "there is no order 1", shop::error);
        CHECK_THROWS_WITH_AS(orders.total(1), "there is no order 1", shop::error);
    }

    TEST_CASE_FIXTURE(order_lines_test, "the database itself refuses lines after the draft") {
        const std::int64_t order = placed();
        CHECK_THROWS_AS(execute("INSERT INTO order_lines (order_id, line, product_id, quantity,"
                                " price_minor) VALUES (?, 2, 3, 1, 100)",
                                order),
                        std::runtime_error);
        CHECK(products_of(order) == ids{1});
    }

    TEST_CASE_FIXTURE(order_lines_test, "each subcase opens the first order of the shop") {
        SUBCASE("with one line") {
            CHECK(draft({1, 3}) == 1);
        }
        SUBCASE("with one line in two steps") {
            CHECK(draft({1, 1}) == 1);
            CHECK(orders.add_line(1, 1, 2) == 1);
        }
        SUBCASE("with a line that goes again") {
            CHECK(draft({1, 3}) == 1);
            CHECK(orders.add_line(1, 3, 1) == 2);
            orders.remove_line(1, 2);
        }
        CHECK(orders.count() == 1);
        CHECK(orders.total(1).lines == 1);
        CHECK(orders.total(1).total_minor == 3 * reference::price_of(1));
    }
}

} // namespace order_lines
