#include "engines.hpp"
#include "figure.hpp"
#include "measure.hpp"
#include "store/directory.hpp"
#include "store/vfs.hpp"

#include <SQLiteCpp/Database.h>

namespace bench {

namespace {

/// A test that commits on a store and is undone by dropping the layer, against the same test in a
/// transaction of a stock in-memory database.
comparison commit_and_discard(int rows) {
    isolite::engine engine = engine_of(rows);
    const auto content = isolite::store::directory::of_process().find(engine.name());
    const test_body body(engine.db().getHandle());
    const statement begin = prepare(engine.db().getHandle(), "BEGIN");
    const statement commit = prepare(engine.db().getHandle(), "COMMIT");
    const connection stock = stock_database(rows);
    const test_body stock_body(stock.get());
    const statement stock_begin = prepare(stock.get(), "BEGIN");
    const statement stock_rollback = prepare(stock.get(), "ROLLBACK");
    return compare(
        [&] {
            content->checkpoint();
            run(begin);
            body();
            run(commit);
            content->discard();
        },
        [&] {
            run(stock_begin);
            stock_body();
            run(stock_rollback);
        },
        200);
}

} // namespace

std::vector<figure> store() {
    std::vector<figure> figures;
    std::vector<double> rounds;
    for (const int rows : {200, 20000, 500000}) {
        const comparison measured = commit_and_discard(rows);
        rounds.push_back(measured.first);
        figures.push_back(
            {"store.commit_and_discard/stock_transaction_at_" + std::to_string(rows) + "_rows",
             measured.ratio()});
    }
    figures.push_back(
        {"store.commit_and_discard_at_500000_rows/at_200_rows", rounds.back() / rounds.front()});
    return figures;
}

} // namespace bench
