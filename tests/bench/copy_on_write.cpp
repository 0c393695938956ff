#include "engines.hpp"
#include "figure.hpp"
#include "fresh_database.hpp"
#include "measure.hpp"

#include <isolite/session.hpp>

#include <SQLiteCpp/Database.h>

namespace bench {

namespace {

constexpr const char* test_of_an_order = "orders/an_order_reduces_the_stock";

/// A test that commits, in a session that drops its pages.
class committing_test {
  public:
    explicit committing_test(int rows)
        : engine_(engine_of(rows)), body_(engine_.db().getHandle()),
          begin_(prepare(engine_.db().getHandle(), "BEGIN")),
          commit_(prepare(engine_.db().getHandle(), "COMMIT")) {}

    void operator()() {
        auto session = require(
            isolite::session::open(engine_, test_of_an_order, isolite::mode::copy_on_write));
        run(begin_);
        body_();
        run(commit_);
        require(session.close());
    }

  private:
    isolite::engine engine_;
    test_body body_;
    statement begin_;
    statement commit_;
};

/// The same body in a transaction of stock SQLite that is rolled back.
class stock_test {
  public:
    explicit stock_test(const connection& stock)
        : body_(stock.get()), begin_(prepare(stock.get(), "BEGIN")),
          rollback_(prepare(stock.get(), "ROLLBACK")) {}

    void operator()() const {
        run(begin_);
        body_();
        run(rollback_);
    }

  private:
    test_body body_;
    statement begin_;
    statement rollback_;
};

template <typename First, typename Second>
comparison in_turns(First& first, Second& second) {
    return compare([&] { first(); }, [&] { second(); }, 200);
}

/// What a large database costs more than a small one, beside what it costs stock SQLite more.
std::vector<figure> by_size() {
    committing_test small(200);
    committing_test large(500000);
    const connection small_content = stock_database(200);
    const connection large_content = stock_database(500000);
    const stock_test stock_small(small_content);
    const stock_test stock_large(large_content);
    return {{"copy_on_write.test_at_500000_rows/at_200_rows", in_turns(large, small).ratio(), 1.2},
            {"copy_on_write.test_in_stock_transaction_at_500000_rows/at_200_rows",
             in_turns(stock_large, stock_small).ratio()}};
}

} // namespace

std::vector<figure> copy_on_write() {
    std::vector<figure> figures;
    for (const int rows : {200, 20000, 500000}) {
        const std::string at = "_at_" + std::to_string(rows) + "_rows";
        committing_test test(rows);
        const connection stock = stock_database(rows);
        const stock_test other(stock);
        const comparison measured = in_turns(test, other);
        figures.push_back(
            {"copy_on_write.test/test_in_stock_transaction" + at, measured.ratio(), 1.15});
        for (const fresh_database& way : fresh_databases(stock, rows)) {
            figures.push_back({"copy_on_write.fresh_database_by_" + way.name + "/test" + at,
                               way.nanoseconds / measured.first});
        }
    }
    for (figure& each : by_size()) {
        figures.push_back(std::move(each));
    }
    return figures;
}

} // namespace bench
