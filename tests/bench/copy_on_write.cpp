#include "engines.hpp"
#include "figure.hpp"
#include "fresh_database.hpp"
#include "measure.hpp"

#include <isolite/session.hpp>

#include <SQLiteCpp/Database.h>

namespace bench {

namespace {

constexpr const char* test_name = "orders/an_order_reduces_the_stock";

/// A test that commits, in a session that drops its pages, against the same body in a transaction
/// of stock SQLite that is rolled back.
comparison against_stock_transaction(isolite::engine& engine, const connection& stock) {
    const test_body body(engine.db().getHandle());
    const test_body stock_body(stock.get());
    const statement begin = prepare(engine.db().getHandle(), "BEGIN");
    const statement commit = prepare(engine.db().getHandle(), "COMMIT");
    const statement stock_begin = prepare(stock.get(), "BEGIN");
    const statement stock_rollback = prepare(stock.get(), "ROLLBACK");
    return compare(
        [&] {
            auto session =
                require(isolite::session::open(engine, test_name, isolite::mode::copy_on_write));
            run(begin);
            body();
            run(commit);
            require(session.close());
        },
        [&] {
            run(stock_begin);
            stock_body();
            run(stock_rollback);
        },
        200);
}

} // namespace

std::vector<figure> copy_on_write() {
    std::vector<figure> figures;
    std::vector<double> sessions;
    for (const int rows : {200, 20000, 500000}) {
        const std::string at = "_at_" + std::to_string(rows) + "_rows";
        isolite::engine engine = engine_of(rows);
        const connection stock = stock_database(rows);
        const comparison measured = against_stock_transaction(engine, stock);
        sessions.push_back(measured.first);
        figures.push_back(
            {"copy_on_write.test/test_in_stock_transaction" + at, measured.ratio(), 1.15});
        for (const fresh_database& way : fresh_databases(stock, rows)) {
            figures.push_back({"copy_on_write.fresh_database_by_" + way.name + "/test" + at,
                               way.nanoseconds / measured.first});
        }
    }
    figures.push_back(
        {"copy_on_write.test_at_500000_rows/at_200_rows", sessions.back() / sessions.front(), 1.2});
    return figures;
}

} // namespace bench
