#include "order_test.hpp"
#include "refused.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

namespace data = boost::unit_test::data;
namespace reference = shop::reference;

namespace {

/// The last line of defence: what the schema refuses whoever asks. Order 1 is a draft with product
/// 1 in its only line.
struct constraints_test : order_test {
    constraints_test() {
        execute("INSERT INTO orders (customer_id, address_id, warehouse_id, currency_code,"
                " opened_on) VALUES (1, 1, 1, 'EUR', '2024-04-01')");
        execute("INSERT INTO order_lines (order_id, line, product_id, quantity, price_minor)"
                " VALUES (1, 1, 1, 2, 100)");
    }
};

struct refusal {
    const char* sql;
    const char* reason;
};

std::ostream& operator<<(std::ostream& out, const refusal& refused) {
    return out << refused.sql;
}

const refusal checks[] = {
    {"UPDATE categories SET parent_id = 9 WHERE id = 9", "parent_id <> id"},
    {"UPDATE categories SET name = '' WHERE id = 9", "name <> ''"},
    {"UPDATE products SET price_minor = 0 WHERE id = 7", "price_minor > 0"},
    {"UPDATE stock SET quantity = -1 WHERE product_id = 7", "quantity >= 0"},
    {"UPDATE stock SET reserved = -1 WHERE product_id = 7", "reserved >= 0"},
    {"UPDATE stock SET reserved = quantity + 1 WHERE product_id = 7", "reserved <= quantity"},
    {"UPDATE customers SET email = 'ada' WHERE id = 7", "email LIKE '_%@_%'"},
    {"UPDATE currencies SET minor_digits = 5 WHERE code = 'EUR'", "minor_digits BETWEEN 0 AND 4"},
    {"UPDATE promotions SET value = 101 WHERE code = 'ONCE50'", "kind = 'amount' OR value <= 100"},
    {"UPDATE promotions SET ends_on = '1999-12-31' WHERE code = 'ONCE50'", "starts_on <= ends_on"},
    {"UPDATE order_lines SET quantity = 0", "quantity > 0"},
};

const refusal unique_keys[] = {
    {"UPDATE products SET sku = 'SKU-00008' WHERE id = 7", "products.sku"},
    {"UPDATE customers SET email = 'CUSTOMER008@EXAMPLE.ORG' WHERE id = 7", "customers.email"},
    {"UPDATE addresses SET is_default = 1 WHERE customer_id = 2", "addresses.customer_id"},
    {"INSERT INTO order_lines VALUES (1, 2, 1, 1, 100)",
     "order_lines.order_id, order_lines.product_id"},
};

const char* const foreign_keys[] = {
    "UPDATE products SET category_id = 41 WHERE id = 7",
    "UPDATE addresses SET country_code = 'XX' WHERE id = 7",
    "UPDATE orders SET promotion_code = 'NONE'",
    "DELETE FROM warehouses WHERE id = 1",
    "DELETE FROM products WHERE id = 1",
    "INSERT INTO payments (order_id, method, amount_minor) VALUES (2, 'card', 100)",
};

} // namespace

BOOST_AUTO_TEST_SUITE(constraints)

BOOST_DATA_TEST_CASE_F(constraints_test, a_check_refuses_a_wrong_value, data::make(checks),
                       broken) {
    BOOST_CHECK_EXCEPTION(execute(broken.sql), isolite::query_error,
                          refused(std::string("CHECK constraint failed: ") + broken.reason));
}

BOOST_DATA_TEST_CASE_F(constraints_test, a_unique_key_refuses_a_second_owner,
                       data::make(unique_keys), broken) {
    BOOST_CHECK_EXCEPTION(execute(broken.sql), isolite::query_error,
                          refused(std::string("UNIQUE constraint failed: ") + broken.reason));
}

BOOST_DATA_TEST_CASE_F(constraints_test, a_foreign_key_refuses_a_stray, data::make(foreign_keys),
                       sql) {
    BOOST_CHECK_EXCEPTION(execute(sql), isolite::query_error,
                          refused("FOREIGN KEY constraint failed"));
}

BOOST_DATA_TEST_CASE_F(constraints_test, a_column_refuses_null,
                       data::make({"customer_id", "address_id", "opened_on"}), column) {
    BOOST_CHECK_EXCEPTION(execute(std::string("UPDATE orders SET ") + column + " = NULL"),
                          isolite::query_error,
                          refused(std::string("NOT NULL constraint failed: orders.") + column));
}

BOOST_FIXTURE_TEST_CASE(an_order_has_a_known_state, constraints_test) {
    BOOST_CHECK_THROW(execute("UPDATE orders SET status = 'lost'"), isolite::query_error);
    BOOST_TEST(value<std::string>("SELECT status FROM orders") == "draft");
}

BOOST_FIXTURE_TEST_CASE(no_more_is_refunded_than_was_paid, constraints_test) {
    execute("INSERT INTO payments (order_id, method, amount_minor) VALUES (1, 'card', 100)");
    BOOST_CHECK_EXCEPTION(execute("UPDATE payments SET refunded_minor = 101"), isolite::query_error,
                          refused("CHECK constraint failed: refunded_minor BETWEEN 0 AND "
                                  "amount_minor"));
    BOOST_TEST(execute("UPDATE payments SET refunded_minor = 100") == 1);
}

BOOST_FIXTURE_TEST_CASE(a_shipment_does_not_arrive_before_it_left, constraints_test) {
    execute("INSERT INTO shipments (order_id, tracking, shipped_on) VALUES (1, 'T', '2024-04-02')");
    BOOST_CHECK_EXCEPTION(execute("UPDATE shipments SET delivered_on = '2024-04-01'"),
                          isolite::query_error,
                          refused("CHECK constraint failed: delivered_on >= shipped_on"));
}

BOOST_FIXTURE_TEST_CASE(a_refused_statement_changes_no_row_at_all, constraints_test) {
    BOOST_CHECK_THROW(execute("UPDATE products SET price_minor = price_minor - 5000"),
                      isolite::query_error);
    BOOST_TEST(value<std::int64_t>("SELECT price_minor FROM products WHERE id = 7") ==
               reference::price_of(7));
}

BOOST_FIXTURE_TEST_CASE(a_deleted_order_takes_its_lines_and_payments_along, constraints_test) {
    execute("INSERT INTO payments (order_id, method, amount_minor) VALUES (1, 'card', 100)");

    BOOST_TEST(execute("DELETE FROM orders") == 1);

    BOOST_TEST(value<int>("SELECT count(*) FROM order_lines") == 0);
    BOOST_TEST(value<int>("SELECT count(*) FROM payments") == 0);
}

BOOST_FIXTURE_TEST_CASE(a_shipped_order_is_not_deleted, constraints_test) {
    execute("INSERT INTO shipments (order_id, tracking, shipped_on) VALUES (1, 'T', '2024-04-02')");
    BOOST_CHECK_EXCEPTION(execute("DELETE FROM orders"), isolite::query_error,
                          refused("FOREIGN KEY constraint failed"));
    BOOST_TEST(value<int>("SELECT count(*) FROM order_lines") == 1);
}

BOOST_FIXTURE_TEST_CASE(only_a_draft_takes_order_lines, constraints_test) {
    execute("UPDATE orders SET status = 'placed'");
    BOOST_CHECK_EXCEPTION(execute("INSERT INTO order_lines VALUES (1, 2, 3, 1, 100)"),
                          isolite::query_error, refused("only a draft takes order lines"));
}

BOOST_FIXTURE_TEST_CASE(the_stock_follows_a_movement, constraints_test) {
    execute("INSERT INTO stock_movements (product_id, warehouse_id, change, reason)"
            " VALUES (7, 1, -3, 'correction')");
    BOOST_TEST(value<std::int64_t>(
                   "SELECT quantity FROM stock WHERE product_id = 7 AND warehouse_id = 1") ==
               reference::quantity_of(7, 1) - 3);
}

BOOST_FIXTURE_TEST_CASE(a_movement_needs_a_stock_row, constraints_test) {
    BOOST_CHECK_EXCEPTION(execute("INSERT INTO stock_movements (product_id, warehouse_id, change,"
                                  " reason) VALUES (7, 2, 3, 'receipt')"),
                          isolite::query_error,
                          refused("the product is not kept in this warehouse"));
    BOOST_TEST(value<int>("SELECT count(*) FROM stock_movements") == 0);
}

BOOST_FIXTURE_TEST_CASE(a_movement_cannot_take_more_than_is_there, constraints_test) {
    BOOST_CHECK_EXCEPTION(execute("INSERT INTO stock_movements (product_id, warehouse_id, change,"
                                  " reason) VALUES (50, 2, -6, 'write_off')"),
                          isolite::query_error, refused("CHECK constraint failed: quantity >= 0"));
}

BOOST_FIXTURE_TEST_CASE(the_number_of_a_movement_is_never_used_again, constraints_test) {
    execute("INSERT INTO stock_movements (id, product_id, warehouse_id, change, reason)"
            " VALUES (100, 7, 1, 1, 'receipt')");
    kept<shop::inventory>().receive(7, 1, 1);
    BOOST_TEST(value<int>("SELECT max(id) FROM stock_movements") == 101);
}

BOOST_AUTO_TEST_SUITE_END()
