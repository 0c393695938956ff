#include "reports.hpp"

namespace shop {
namespace {

std::vector<low_stock_line> low_stock_in(cursor&& rows) {
    std::vector<low_stock_line> found;
    while (rows.next())
        found.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.integer(3),
                         rows.integer(4), rows.integer(5)});
    return found;
}

} // namespace

std::vector<category_sales> reports::sales_per_category(const std::string& currency_code) {
    std::vector<category_sales> found;
    cursor rows = sql_.select(R"(
        SELECT c.id, c.name, count(DISTINCT s.order_id), sum(s.quantity), sum(s.revenue_minor)
        FROM sold_lines AS s
        JOIN products AS p ON p.id = s.product_id
        JOIN categories AS c ON c.id = p.category_id
        WHERE s.currency_code = ?
        GROUP BY c.id
        ORDER BY sum(s.revenue_minor) DESC, c.id)",
                              currency_code);
    while (rows.next())
        found.push_back(
            {rows.integer(0), rows.text(1), rows.integer(2), rows.integer(3), rows.integer(4)});
    return found;
}

std::vector<product_sales> reports::best_sellers(std::int64_t limit) {
    std::vector<product_sales> found;
    cursor rows = sql_.select(R"(
        SELECT p.id, p.sku, sum(s.quantity), sum(s.revenue_minor)
        FROM sold_lines AS s JOIN products AS p ON p.id = s.product_id
        GROUP BY p.id
        ORDER BY sum(s.quantity) DESC, p.id
        LIMIT ?)",
                              limit);
    while (rows.next())
        found.push_back({rows.integer(0), rows.text(1), rows.integer(2), rows.integer(3)});
    return found;
}

std::vector<country_sales> reports::sales_per_country(const std::string& currency_code) {
    std::vector<country_sales> found;
    cursor rows = sql_.select(R"(
        SELECT a.country_code, count(DISTINCT s.order_id), sum(s.revenue_minor)
        FROM sold_lines AS s JOIN addresses AS a ON a.id = s.address_id
        WHERE s.currency_code = ?
        GROUP BY a.country_code
        ORDER BY sum(s.revenue_minor) DESC, a.country_code)",
                              currency_code);
    while (rows.next())
        found.push_back({rows.text(0), rows.integer(1), rows.integer(2)});
    return found;
}

std::vector<day_sales> reports::sales_per_day(const std::string& currency_code,
                                              const std::string& from, const std::string& to) {
    std::vector<day_sales> found;
    cursor rows = sql_.select(R"(
        SELECT opened_on, count(DISTINCT order_id), sum(revenue_minor)
        FROM sold_lines
        WHERE currency_code = ? AND opened_on BETWEEN ? AND ?
        GROUP BY opened_on
        ORDER BY opened_on)",
                              currency_code, from, to);
    while (rows.next())
        found.push_back({rows.text(0), rows.integer(1), rows.integer(2)});
    return found;
}

std::int64_t reports::customer_revenue(std::int64_t customer_id, const std::string& currency_code) {
    return sql_.number("SELECT sum(revenue_minor) FROM sold_lines WHERE customer_id = ?"
                       " AND currency_code = ?",
                       customer_id, currency_code);
}

std::int64_t reports::revenue(const std::string& currency_code) {
    return sql_.number("SELECT sum(revenue_minor) FROM sold_lines WHERE currency_code = ?",
                       currency_code);
}

std::int64_t reports::never_sold() {
    return sql_.number("SELECT count(*) FROM products WHERE active = 1"
                       " AND id NOT IN (SELECT product_id FROM sold_lines)");
}

std::vector<low_stock_line> reports::low_stock() {
    return low_stock_in(
        sql_.select("SELECT product_id, sku, name, warehouse_id, available, reorder_level"
                    " FROM low_stock ORDER BY available, product_id, warehouse_id"));
}

std::vector<low_stock_line> reports::low_stock(std::int64_t warehouse_id) {
    return low_stock_in(
        sql_.select("SELECT product_id, sku, name, warehouse_id, available, reorder_level"
                    " FROM low_stock WHERE warehouse_id = ? ORDER BY available, product_id",
                    warehouse_id));
}

std::int64_t reports::stock_value(std::int64_t warehouse_id, const std::string& currency_code) {
    return sql_.number("SELECT sum(s.quantity * p.price_minor) FROM stock AS s"
                       " JOIN products AS p ON p.id = s.product_id"
                       " WHERE s.warehouse_id = ? AND p.currency_code = ?",
                       warehouse_id, currency_code);
}

} // namespace shop
