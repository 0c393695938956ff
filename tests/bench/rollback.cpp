#include "engines.hpp"
#include "figure.hpp"
#include "measure.hpp"

#include <isolite/session.hpp>

#include <SQLiteCpp/Database.h>

namespace bench {

namespace {

// The length of a test's full name as suites have them.
constexpr const char* test_name = "orders/an_order_reduces_the_stock";

void empty_session(isolite::engine& engine) {
    auto session = require(isolite::session::open(engine, test_name));
    require(session.close());
}

comparison against_bare_transaction(isolite::engine& engine) {
    sqlite3* const connection = engine.db().getHandle();
    const statement begin = prepare(connection, "BEGIN");
    const statement rollback = prepare(connection, "ROLLBACK");
    return compare([&] { empty_session(engine); },
                   [&] {
                       run(begin);
                       run(rollback);
                   },
                   3000);
}

double of_a_test(isolite::engine& engine, int rows) {
    const connection stock = stock_database(rows);
    const test_body body(engine.db().getHandle());
    const test_body stock_body(stock.get());
    const statement begin = prepare(stock.get(), "BEGIN");
    const statement rollback = prepare(stock.get(), "ROLLBACK");
    return compare(
               [&] {
                   auto session = require(isolite::session::open(engine, test_name));
                   body();
                   require(session.close());
               },
               [&] {
                   run(begin);
                   stock_body();
                   run(rollback);
               },
               200)
        .ratio();
}

} // namespace

std::vector<figure> rollback() {
    std::vector<figure> figures;
    std::vector<double> sessions;
    for (const int rows : {200, 500000}) {
        isolite::engine engine = engine_of(rows);
        const comparison empty = against_bare_transaction(engine);
        sessions.push_back(empty.first);
        const std::string at = "_at_" + std::to_string(rows) + "_rows";
        figures.push_back({"rollback.empty_session/bare_transaction" + at, empty.ratio(), 3.0});
        figures.push_back(
            {"rollback.test_in_session/test_in_stock_transaction" + at, of_a_test(engine, rows)});
    }
    figures.push_back(
        {"rollback.empty_session_at_500000_rows/at_200_rows", sessions[1] / sessions[0], 1.2});
    return figures;
}

} // namespace bench
