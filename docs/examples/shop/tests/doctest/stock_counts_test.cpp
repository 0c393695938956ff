#include "lists.hpp"
#include "shop_test.hpp"

#include "shop/error.hpp"
#include "shop/inventory.hpp"
#include "shop/reference_counts.hpp"
#include "shop/reports.hpp"

#include <stdexcept>

namespace reference = shop::reference;

namespace stock_counts {

// Somebody goes through a warehouse and counts.
struct stock_counts_test : shop_test {
    shop::inventory& stock = kept<shop::inventory>();
    shop::reports& reports = kept<shop::reports>();

    std::int64_t quantity(std::int64_t product_id = 1, std::int64_t warehouse_id = 1) {
        return stock.get(product_id, warehouse_id).quantity;
    }
};

// Of product 1 warehouse 1 has 68.
struct nothing_left {
    static constexpr std::int64_t counted = 0, difference = -68;
};
struct one_missing {
    static constexpr std::int64_t counted = 67, difference = -1;
};
struct one_more {
    static constexpr std::int64_t counted = 69, difference = 1;
};
struct twice_as_many {
    static constexpr std::int64_t counted = 136, difference = 68;
};
struct a_forgotten_container {
    static constexpr std::int64_t counted = 1'000'068, difference = 1'000'000;
};

template <std::int64_t Warehouse>
struct warehouse {
    static constexpr std::int64_t id = Warehouse;
    static constexpr std::int64_t product = Warehouse % 2 == 1 ? 1 : 2;
};
using berlin = warehouse<1>;
using lyon = warehouse<2>;
using new_york = warehouse<3>;
using tokyo = warehouse<4>;

TEST_SUITE("stock_counts") {
    TEST_CASE_TEMPLATE("a count corrects the quantity", Count, nothing_left, one_missing, one_more,
                       twice_as_many, a_forgotten_container) {
        stock_counts_test test;
        CHECK(test.stock.correct(1, 1, Count::counted) == Count::difference);
        CHECK(test.quantity() == Count::counted);
        const auto movements = test.stock.movements_of(1);
        REQUIRE(ids_of(movements) == ids{1});
        CHECK(movements[0].change == Count::difference);
        CHECK(movements[0].reason == "correction");
    }

    TEST_CASE_TEMPLATE("a count touches one warehouse alone", Warehouse, berlin, lyon, new_york,
                       tokyo) {
        stock_counts_test test;
        const std::int64_t before = test.value<std::int64_t>(
            "SELECT sum(quantity) FROM stock WHERE warehouse_id <> ?", Warehouse::id);
        test.stock.correct(Warehouse::product, Warehouse::id, 1);
        CHECK(test.quantity(Warehouse::product, Warehouse::id) == 1);
        CHECK(test.value<std::int64_t>("SELECT sum(quantity) FROM stock WHERE warehouse_id <> ?",
                                       Warehouse::id) == before);
    }

    TEST_CASE_FIXTURE(stock_counts_test, "a count that agrees leaves no movement") {
        CHECK(stock.correct(1, 1, reference::quantity_of(1, 1)) == 0);
        CHECK(stock.movement_count() == 0);
    }

    TEST_CASE_FIXTURE(stock_counts_test, "a second count starts from the first") {
        CHECK(stock.correct(1, 1, 60) == -8);
        CHECK(stock.correct(1, 1, 61) == 1);
        CHECK(stock.correct(1, 1, 61) == 0);
        CHECK(stock.movement_count() == 2);
    }

    TEST_CASE_FIXTURE(stock_counts_test, "nobody counts less than nothing") {
        CHECK_THROWS_WITH_AS(stock.correct(1, 1, -1), "a count cannot be negative, not even -1",
                             shop::error);
        CHECK(quantity() == reference::quantity_of(1, 1));
    }

    TEST_CASE_FIXTURE(stock_counts_test, "a count below what is reserved is refused") {
        stock.reserve(1, 1, 10);
        CHECK_THROWS_WITH_AS(stock.correct(1, 1, 9),
                             "10 of product 1 are reserved in warehouse 1, more than the 9 counted",
                             shop::error);
        CHECK(stock.correct(1, 1, 10) == -58);
        CHECK(stock.get(1, 1).available() == 0);
    }

    TEST_CASE_FIXTURE(stock_counts_test, "only what is kept can be counted") {
        CHECK_THROWS_WITH_AS(stock.correct(1, 2, 5), "product 1 is not kept in warehouse 2",
                             shop::error);
        stock.keep(1, 2);
        CHECK(stock.correct(1, 2, 5) == 5);
    }

    TEST_CASE_FIXTURE(stock_counts_test, "what comes in raises the quantity") {
        CHECK(stock.receive(1, 1, 30) == 1);
        CHECK(stock.receive(1, 1, 2) == 2);
        CHECK(quantity() == reference::quantity_of(1, 1) + 32);
    }

    TEST_CASE_FIXTURE(stock_counts_test, "what is broken lowers the quantity") {
        CHECK(stock.write_off(1, 1, 8) == 1);
        CHECK(quantity() == reference::quantity_of(1, 1) - 8);
        CHECK(value<std::string>("SELECT reason FROM stock_movements") == "write_off");
    }

    TEST_CASE_FIXTURE(stock_counts_test, "no more can break than is available") {
        stock.reserve(1, 1, 60);
        CHECK_THROWS_WITH_AS(stock.write_off(1, 1, 9),
                             "not enough stock of product 1 in warehouse 1: 9 wanted, 8 available",
                             shop::error);
        CHECK(stock.write_off(1, 1, 8) == 1);
    }

    TEST_CASE_FIXTURE(stock_counts_test, "only a positive quantity comes in or goes") {
        CHECK_THROWS_WITH_AS(stock.receive(1, 1, 0), "a quantity must be positive, not 0",
                             shop::error);
        CHECK_THROWS_WITH_AS(stock.write_off(1, 1, -2), "a quantity must be positive, not -2",
                             shop::error);
        CHECK(stock.movement_count() == 0);
    }

    TEST_CASE_FIXTURE(stock_counts_test, "the ledger explains every change of the stock") {
        stock.receive(1, 1, 30);
        stock.write_off(1, 1, 5);
        stock.transfer(1, 1, 3, 10);
        stock.correct(1, 1, 80);
        CHECK(value<std::int64_t>("SELECT sum(change) FROM stock_movements WHERE product_id = 1"
                                  " AND warehouse_id = 1") ==
              quantity() - reference::quantity_of(1, 1));
        CHECK(values<std::string>("SELECT reason FROM stock_movements ORDER BY id") ==
              texts{"receipt", "write_off", "transfer", "transfer", "correction"});
    }

    TEST_CASE_FIXTURE(stock_counts_test, "a movement is never changed") {
        stock.receive(1, 1, 30);
        CHECK_THROWS_AS(execute("UPDATE stock_movements SET change = 31"), std::runtime_error);
        CHECK(value<int>("SELECT change FROM stock_movements") == 30);
    }

    TEST_CASE_FIXTURE(stock_counts_test, "a movement is never deleted") {
        stock.receive(1, 1, 30);
        CHECK_THROWS_AS(execute("DELETE FROM stock_movements"), std::runtime_error);
        CHECK(stock.movement_count() == 1);
    }

    TEST_CASE_FIXTURE(stock_counts_test, "a movement into nowhere is refused") {
        CHECK_THROWS_AS(execute("INSERT INTO stock_movements (product_id, warehouse_id, change,"
                                " reason) VALUES (1, 2, 5, 'receipt')"),
                        std::runtime_error);
        CHECK(stock.movement_count() == 0);
    }

    TEST_CASE_FIXTURE(stock_counts_test, "a shortage appears below the reorder level") {
        CHECK(reports.low_stock(1).empty());
        stock.correct(1, 1, 10);
        CHECK(reports.low_stock(1).empty());
        stock.correct(1, 1, 9);
        REQUIRE(reports.low_stock(1).size() == 1);
        CHECK(reports.low_stock(1).at(0).product_id == 1);
        CHECK(reports.low_stock(1).at(0).available == 9);
    }

    TEST_CASE_FIXTURE(stock_counts_test, "a higher reorder level makes a shortage") {
        stock.set_reorder_level(1, 1, 69);
        CHECK(reports.low_stock(1).size() == 1);
        stock.set_reorder_level(1, 1, 68);
        CHECK(reports.low_stock(1).empty());
    }

    TEST_CASE_FIXTURE(stock_counts_test, "a reorder level needs a place in the warehouse") {
        CHECK_THROWS_WITH_AS(stock.set_reorder_level(2, 1, 5),
                             "product 2 is not kept in warehouse 1", shop::error);
    }

    TEST_CASE_FIXTURE(stock_counts_test, "a product is kept in a warehouse once") {
        CHECK_THROWS_WITH_AS(stock.keep(1, 1), "product 1 is already kept in warehouse 1",
                             shop::error);
        stock.keep(1, 2, 4);
        CHECK(quantity(1, 2) == 0);
        CHECK(stock.get(1, 2).reorder_level == 4);
    }

    TEST_CASE_FIXTURE(stock_counts_test, "only what is there is kept") {
        CHECK_THROWS_WITH_AS(stock.keep(2001, 1), "there is no product 2001", shop::error);
        CHECK_THROWS_WITH_AS(stock.keep(1, 5), "there is no warehouse 5", shop::error);
        CHECK(value<int>("SELECT count(*) FROM stock") == reference::stock_rows);
    }

    TEST_CASE_FIXTURE(stock_counts_test, "each subcase counts the same warehouse") {
        SUBCASE("once") {
            CHECK(stock.correct(1, 1, 100) == 32);
        }
        SUBCASE("twice") {
            CHECK(stock.correct(1, 1, 1) == -67);
            CHECK(stock.correct(1, 1, 100) == 99);
        }
        SUBCASE("after goods came in") {
            CHECK(stock.receive(1, 1, 30) == 1);
            CHECK(stock.correct(1, 1, 100) == 2);
        }
        CHECK(quantity() == 100);
    }
}

} // namespace stock_counts
