#include "lists.hpp"
#include "shop_test.hpp"

#include "shop/error.hpp"
#include "shop/inventory.hpp"
#include "shop/products.hpp"
#include "shop/reference_counts.hpp"

namespace reference = shop::reference;

namespace transfers {

struct transfers_test : shop_test {
    shop::inventory& stock = kept<shop::inventory>();

    std::int64_t quantity(std::int64_t product_id, std::int64_t warehouse_id) {
        return stock.get(product_id, warehouse_id).quantity;
    }

    ids changes() { return values<std::int64_t>("SELECT change FROM stock_movements ORDER BY id"); }
};

// Odd products are kept in Berlin (1) and New York (3), even ones in Lyon (2) and Tokyo (4).
template <std::int64_t Product, std::int64_t From, std::int64_t To>
struct route {
    static constexpr std::int64_t product = Product, from = From, to = To;
    static constexpr std::int64_t there = reference::quantity_of(Product, From);
    static constexpr std::int64_t arriving = reference::quantity_of(Product, To);
};
using berlin_to_new_york = route<1, 1, 3>;
using new_york_to_berlin = route<7, 3, 1>;
using lyon_to_tokyo = route<2, 2, 4>;
using tokyo_to_lyon = route<8, 4, 2>;

struct berlin {
    static constexpr auto code = "BER", country = "DE";
};
struct lyon {
    static constexpr auto code = "LYS", country = "FR";
};
struct new_york {
    static constexpr auto code = "NYC", country = "US";
};
struct tokyo {
    static constexpr auto code = "TYO", country = "JP";
};

TEST_SUITE("transfers") {
    TEST_CASE_TEMPLATE("a transfer takes goods from one warehouse to another", Route,
                       berlin_to_new_york, new_york_to_berlin, lyon_to_tokyo, tokyo_to_lyon) {
        transfers_test test;
        test.stock.transfer(Route::product, Route::from, Route::to, 7);
        CHECK(test.quantity(Route::product, Route::from) == Route::there - 7);
        CHECK(test.quantity(Route::product, Route::to) == Route::arriving + 7);
        CHECK(test.stock.movement_count() == 2);
    }

    TEST_CASE_TEMPLATE("everything can be transferred", Route, berlin_to_new_york,
                       new_york_to_berlin, lyon_to_tokyo, tokyo_to_lyon) {
        transfers_test test;
        test.stock.transfer(Route::product, Route::from, Route::to, Route::there);
        CHECK(test.quantity(Route::product, Route::from) == 0);
        CHECK(test.stock.available(Route::product) == Route::there + Route::arriving);
    }

    TEST_CASE_TEMPLATE("a warehouse is known by its code", Warehouse, berlin, lyon, new_york,
                       tokyo) {
        transfers_test test;
        const auto found = test.stock.find_warehouse(Warehouse::code);
        REQUIRE(found);
        CHECK(found->country_code == Warehouse::country);
        CHECK(test.value<int>("SELECT count(*) FROM stock WHERE warehouse_id = ?", found->id) ==
              reference::stock_rows_per_warehouse);
    }

    TEST_CASE_FIXTURE(transfers_test, "the warehouses come in the order of their ids") {
        CHECK(ids_of(stock.warehouses()) == ids{1, 2, 3, 4});
        CHECK_FALSE(stock.find_warehouse("ber"));
    }

    TEST_CASE_FIXTURE(transfers_test, "a transfer leaves one movement for each warehouse") {
        stock.transfer(1, 1, 3, 7);
        const auto movements = stock.movements_of(1);
        REQUIRE(ids_of(movements) == ids{1, 2});
        CHECK(movements[0].warehouse_id == 1);
        CHECK(movements[0].change == -7);
        CHECK(movements[1].warehouse_id == 3);
        CHECK(movements[1].change == 7);
    }

    TEST_CASE_FIXTURE(transfers_test, "a transfer says so in the ledger and names no order") {
        stock.transfer(1, 1, 3, 7);
        CHECK(value<int>("SELECT count(*) FROM stock_movements WHERE reason = 'transfer'"
                         " AND order_id IS NULL") == 2);
    }

    TEST_CASE_FIXTURE(transfers_test, "transfers neither make nor lose goods") {
        const auto sum = "SELECT sum(quantity) FROM stock";
        const auto before = value<std::int64_t>(sum);
        stock.transfer(1, 1, 3, 7);
        stock.transfer(2, 4, 2, 9);
        CHECK(value<std::int64_t>(sum) == before);
        CHECK(changes() == ids{-7, 7, -9, 9});
    }

    TEST_CASE_FIXTURE(transfers_test, "a transfer there and back changes nothing but the ledger") {
        stock.transfer(1, 1, 3, 7);
        stock.transfer(1, 3, 1, 7);
        CHECK(quantity(1, 1) == reference::quantity_of(1, 1));
        CHECK(quantity(1, 3) == reference::quantity_of(1, 3));
        CHECK(changes() == ids{-7, 7, -7, 7});
    }

    TEST_CASE_FIXTURE(transfers_test, "a transfer needs two warehouses") {
        CHECK_THROWS_WITH_AS(stock.transfer(1, 1, 1, 7),
                             "a transfer needs two different warehouses", shop::error);
        CHECK(stock.movement_count() == 0);
    }

    TEST_CASE_FIXTURE(transfers_test, "a transfer of nothing is refused") {
        CHECK_THROWS_WITH_AS(stock.transfer(1, 1, 3, 0), "a quantity must be positive, not 0",
                             shop::error);
        CHECK_THROWS_WITH_AS(stock.transfer(1, 1, 3, -7), "a quantity must be positive, not -7",
                             shop::error);
        CHECK(stock.movement_count() == 0);
    }

    TEST_CASE_FIXTURE(transfers_test, "no more can leave than is there") {
        CHECK_THROWS_WITH_AS(stock.transfer(1, 1, 3, 69),
                             "not enough stock of product 1 in warehouse 1: 69 wanted, 68 "
                             "available",
                             shop::error);
        CHECK(quantity(1, 1) == 68);
        CHECK(quantity(1, 3) == 102);
    }

    TEST_CASE_FIXTURE(transfers_test, "reserved goods stay where they are") {
        stock.reserve(1, 1, 60);
        CHECK_THROWS_WITH_AS(stock.transfer(1, 1, 3, 9),
                             "not enough stock of product 1 in warehouse 1: 9 wanted, 8 available",
                             shop::error);
        stock.transfer(1, 1, 3, 8);
        CHECK(stock.get(1, 1).reserved == 60);
        CHECK(stock.get(1, 3).reserved == 0);
    }

    TEST_CASE_FIXTURE(transfers_test, "goods leave only from where they are kept") {
        CHECK_THROWS_WITH_AS(stock.transfer(1, 2, 3, 1), "product 1 is not kept in warehouse 2",
                             shop::error);
        CHECK(quantity(1, 3) == reference::quantity_of(1, 3));
    }

    TEST_CASE_FIXTURE(transfers_test, "goods arrive only where they are kept") {
        CHECK_THROWS_WITH_AS(stock.transfer(1, 1, 2, 1), "product 1 is not kept in warehouse 2",
                             shop::error);
        CHECK(quantity(1, 1) == reference::quantity_of(1, 1));
        CHECK(stock.movement_count() == 0);
    }

    TEST_CASE_FIXTURE(transfers_test, "goods can go where they are kept from now on") {
        stock.keep(1, 2);
        stock.transfer(1, 1, 2, 20);
        CHECK(quantity(1, 2) == 20);
        CHECK(stock.levels_of(1).size() == 3);
        CHECK(value<int>("SELECT count(*) FROM stock") == reference::stock_rows + 1);
    }

    TEST_CASE_FIXTURE(transfers_test, "a new warehouse takes goods too") {
        execute("INSERT INTO warehouses (code, name, country_code) VALUES ('ZRH', 'Zurich', 'CH')");
        const std::int64_t zurich = stock.find_warehouse("ZRH").value().id;
        CHECK(zurich == 5);
        stock.keep(1, zurich);
        stock.transfer(1, 1, zurich, 5);
        CHECK(quantity(1, zurich) == 5);
    }

    TEST_CASE_FIXTURE(transfers_test, "goods can travel on") {
        stock.keep(1, 2);
        stock.keep(1, 4);
        stock.transfer(1, 1, 2, 20);
        stock.transfer(1, 2, 4, 15);
        stock.transfer(1, 4, 3, 10);
        CHECK(values<std::int64_t>("SELECT quantity FROM stock WHERE product_id = 1"
                                   " ORDER BY warehouse_id") == ids{48, 5, 112, 5});
        CHECK(stock.movement_count() == 6);
    }

    TEST_CASE_FIXTURE(transfers_test, "a transfer can end a shortage") {
        CHECK(value<int>("SELECT count(*) FROM low_stock") == reference::low_stock_rows);
        stock.receive(50, 2, 100);
        stock.transfer(50, 2, 4, 50);
        CHECK(value<int>("SELECT count(*) FROM low_stock") == reference::low_stock_rows - 2);
    }

    TEST_CASE_FIXTURE(transfers_test, "each subcase finds the ledger empty") {
        SUBCASE("before a transfer") {
            stock.transfer(1, 1, 3, 7);
            CHECK(ids_of(stock.movements_of(1)) == ids{1, 2});
        }
        SUBCASE("before two transfers") {
            stock.transfer(3, 1, 3, 7);
            stock.transfer(1, 1, 3, 7);
            CHECK(ids_of(stock.movements_of(1)) == ids{3, 4});
        }
        SUBCASE("after a transfer that was refused") {
            CHECK_THROWS_AS(stock.transfer(1, 1, 2, 7), shop::error);
            stock.transfer(1, 1, 3, 7);
            CHECK(ids_of(stock.movements_of(1)) == ids{1, 2});
        }
        CHECK(quantity(1, 3) == reference::quantity_of(1, 3) + 7);
    }
}

} // namespace transfers
