#include "lists.hpp"
#include "order_test.hpp"

#include "shop/error.hpp"
#include "shop/savepoint.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <stdexcept>

using shop::order_status;
namespace reference = shop::reference;

namespace savepoints {

// The sandbox of most tests is a transaction. The savepoints of the shop nest in it, and so do
// those of a test. Where a test commits, the outermost savepoint is a transaction.
const isolite::doc_test::isolated commits(isolite::mode::copy_on_write);

struct savepoints_test : order_test {
    void begin(const std::string& name) { execute("SAVEPOINT " + name); }
    void undo(const std::string& name) {
        execute("ROLLBACK TO " + name);
        execute("RELEASE " + name);
    }
    void keep(const std::string& name) { execute("RELEASE " + name); }

    std::int64_t open_orders() { return value<std::int64_t>("SELECT count(*) FROM orders"); }

    /// Opens an order in a savepoint inside of a savepoint inside of ... and keeps every second.
    void nest(int depth) {
        if (depth == 0) {
            return;
        }
        shop::savepoint step(db());
        empty_draft();
        nest(depth - 1);
        if (depth % 2 == 0) {
            step.release();
        }
    }
};

// The steps of an order, and what it is before each.
struct placing {
    static constexpr auto before = order_status::draft;
    static void make(order_test& test) { test.draft(); }
    static void step(order_test& test) { test.orders.place(1); }
};
struct paying {
    static constexpr auto before = order_status::placed;
    static void make(order_test& test) { test.placed(); }
    static void step(order_test& test) { test.pay(1); }
};
struct sending {
    static constexpr auto before = order_status::paid;
    static void make(order_test& test) { test.paid(); }
    static void step(order_test& test) { test.shipping.create(1, "T1", "2024-05-03"); }
};
struct arriving {
    static constexpr auto before = order_status::shipped;
    static void make(order_test& test) { test.shipped("T1"); }
    static void step(order_test& test) { test.shipping.deliver(1, "2024-05-06"); }
};
struct returning {
    static constexpr auto before = order_status::delivered;
    static void make(order_test& test) { test.delivered("T1"); }
    static void step(order_test& test) { test.shipping.take_back(1); }
};

TEST_SUITE("savepoints") {
    TEST_CASE_TEMPLATE("a step of an order can be undone and done again", Step, placing, paying,
                       sending, arriving, returning) {
        savepoints_test test;
        Step::make(test);
        const std::int64_t quantity = test.quantity(1);
        const std::int64_t reserved = test.reserved(1);
        const std::int64_t movements = test.stock.movement_count();
        test.begin("before");
        Step::step(test);
        CHECK(test.status_of(1) != Step::before);
        test.undo("before");
        CHECK(test.status_of(1) == Step::before);
        CHECK(test.quantity(1) == quantity);
        CHECK(test.reserved(1) == reserved);
        CHECK(test.stock.movement_count() == movements);
        Step::step(test);
        CHECK(test.status_of(1) != Step::before);
    }

    TEST_CASE_FIXTURE(savepoints_test, "a released savepoint keeps its changes" * commits) {
        {
            shop::savepoint all(db());
            CHECK(empty_draft() == 1);
            all.release();
        }
        CHECK(connect().execAndGet("SELECT count(*) FROM orders").getInt() == 1);
    }

    TEST_CASE_FIXTURE(savepoints_test, "a savepoint that is not released undoes its changes") {
        {
            shop::savepoint all(db());
            CHECK(empty_draft() == 1);
            CHECK(open_orders() == 1);
        }
        CHECK(open_orders() == 0);
    }

    TEST_CASE_FIXTURE(savepoints_test, "an exception undoes what was not released") {
        const auto fails = [this] {
            shop::savepoint all(db());
            empty_draft(7);
            empty_draft(501);
            all.release();
        };
        CHECK_THROWS_WITH_AS(fails(), "there is no customer 501", shop::error);
        CHECK(open_orders() == 0);
    }

    TEST_CASE_FIXTURE(savepoints_test, "an inner savepoint is undone without the outer one") {
        shop::savepoint outer(db());
        CHECK(empty_draft() == 1);
        {
            shop::savepoint inner(db());
            CHECK(empty_draft() == 2);
        }
        outer.release();
        CHECK(open_orders() == 1);
    }

    TEST_CASE_FIXTURE(savepoints_test, "an outer savepoint undoes what inner ones released") {
        {
            shop::savepoint outer(db());
            shop::savepoint inner(db());
            CHECK(placed() == 1);
            inner.release();
        }
        CHECK(open_orders() == 0);
        CHECK(reserved(1) == 0);
    }

    TEST_CASE_FIXTURE(savepoints_test, "savepoints nest as deep as anybody likes") {
        // Of fifty levels the outermost is released; the next one is not and takes the rest along.
        nest(50);
        CHECK(open_orders() == 1);
        nest(1);
        CHECK(open_orders() == 1);
    }

    TEST_CASE_FIXTURE(savepoints_test, "a savepoint may have the name of the shop's own") {
        begin("shop");
        CHECK(placed({1, 10}) == 1);
        undo("shop");
        CHECK(open_orders() == 0);
        CHECK(reserved(1) == 0);
    }

    TEST_CASE_FIXTURE(savepoints_test, "a refused order leaves the savepoint around it open") {
        begin("around");
        CHECK(placed({1, 68}) == 1);
        CHECK_THROWS_AS(placed({1, 1, 8}), shop::error);
        CHECK(open_orders() == 2);
        CHECK(reserved(1) == 68);
        undo("around");
        CHECK(open_orders() == 0);
        CHECK(reserved(1) == 0);
    }

    TEST_CASE_FIXTURE(savepoints_test, "a statement that fails undoes itself alone") {
        begin("around");
        CHECK(empty_draft() == 1);
        CHECK_THROWS_AS(execute("UPDATE stock SET quantity = quantity - 30"), std::runtime_error);
        keep("around");
        CHECK(open_orders() == 1);
        CHECK(quantity(1) == reference::quantity_of(1, 1));
    }

    TEST_CASE_FIXTURE(savepoints_test, "an id that was undone is given again") {
        begin("attempt");
        CHECK(empty_draft() == 1);
        CHECK(empty_draft() == 2);
        undo("attempt");
        CHECK(empty_draft() == 1);
    }

    TEST_CASE_FIXTURE(savepoints_test, "the ledger too gives an undone id again") {
        begin("attempt");
        CHECK(stock.receive(1, 1, 5) == 1);
        CHECK(stock.receive(1, 1, 5) == 2);
        undo("attempt");
        CHECK(stock.receive(1, 1, 5) == 1);
        CHECK(value<int>("SELECT seq FROM sqlite_sequence WHERE name = 'stock_movements'") == 1);
    }

    TEST_CASE_FIXTURE(savepoints_test, "a savepoint can be undone several times") {
        begin("start");
        for (const std::int64_t pieces : {10, 20, 30}) {
            CHECK(placed({1, pieces}) == 1);
            CHECK(reserved(1) == pieces);
            execute("ROLLBACK TO start");
        }
        keep("start");
        CHECK(reserved(1) == 0);
    }

    TEST_CASE_FIXTURE(savepoints_test,
                      "a deferred key may be broken inside a savepoint" * commits) {
        const auto broken = "SELECT count(*) FROM pragma_foreign_key_check('subdivisions')";
        const auto add = "INSERT INTO subdivisions VALUES (?, 'DE', 'Quarter', 'Quarter', ?)";
        begin("tree");
        execute(add, "DE-Q1", "DE-Q2");
        CHECK(value<int>(broken) == 1);
        CHECK_THROWS_AS(keep("tree"), std::runtime_error); // which would commit it
        execute(add, "DE-Q2", nullptr);
        CHECK(value<int>(broken) == 0);
        keep("tree");
    }

    TEST_CASE_FIXTURE(savepoints_test, "nobody else sees what a test has released") {
        shop::savepoint all(db());
        CHECK(placed({1, 10}) == 1);
        all.release();
        SQLite::Database other(uri(), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
        CHECK(other.execAndGet("SELECT count(*) FROM orders").getInt() == 0);
        CHECK(other.execAndGet("SELECT sum(reserved) FROM stock").getInt() == 0);
    }

    TEST_CASE_FIXTURE(savepoints_test, "each subcase starts outside of all savepoints") {
        CHECK(open_orders() == 0);
        SUBCASE("and keeps one") {
            begin("attempt");
            CHECK(empty_draft() == 1);
            keep("attempt");
        }
        SUBCASE("and undoes one") {
            begin("attempt");
            CHECK(empty_draft() == 1);
            undo("attempt");
            CHECK(empty_draft() == 1);
        }
        SUBCASE("and leaves one open") {
            begin("attempt");
            CHECK(empty_draft() == 1);
        }
        CHECK(open_orders() == 1);
    }
}

} // namespace savepoints
