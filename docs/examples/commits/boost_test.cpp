// Tests of code that commits: the examples of docs/fixtures.md about modes and connections.
#define BOOST_TEST_MODULE commits
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <boost/test/unit_test.hpp>
#include <isolite/boost_test.hpp>
#include <isolite/seed.hpp>

#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <memory>
#include <thread>

namespace {

constexpr const char* schema =
    "CREATE TABLE products (id INTEGER PRIMARY KEY, stock INTEGER NOT NULL CHECK (stock >= 0));"
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, pieces INTEGER NOT NULL,"
    "  product INTEGER NOT NULL REFERENCES products (id) DEFERRABLE INITIALLY DEFERRED);"
    "INSERT INTO products VALUES (7, 100);";

struct shop {
    static isolite::seed seed() { return isolite::seed("shop").sql(schema); }
};
using shop_test = isolite::boost_test::session<shop>;

// [code]
void place_order(SQLite::Database& db, int product, int pieces) { // code under test
    SQLite::Transaction transaction(db);
    SQLite::Statement order(db, "INSERT INTO orders (product, pieces) VALUES (?, ?)");
    order.bind(1, product);
    order.bind(2, pieces);
    order.exec();
    SQLite::Statement take(db, "UPDATE products SET stock = stock - ? WHERE id = ?");
    take.bind(1, pieces);
    take.bind(2, product);
    take.exec();
    transaction.commit();
}
// [/code]

// [order]
// [committed]
BOOST_FIXTURE_TEST_CASE(an_order_is_committed, shop_test,
                        *isolite::boost_test::isolated(isolite::mode::copy_on_write)) {
    place_order(db(), 7, 2);
    SQLite::Database other = connect(); // sees what is committed
    BOOST_TEST(other.execAndGet("SELECT stock FROM products WHERE id = 7").getInt() == 98);
}
// [/committed]

BOOST_FIXTURE_TEST_CASE(an_order_of_too_much_leaves_no_trace, shop_test,
                        *isolite::boost_test::isolated(isolite::mode::copy_on_write)) {
    BOOST_CHECK_THROW(place_order(db(), 7, 101), SQLite::Exception);
    BOOST_TEST(value<int>("SELECT count(*) FROM orders") == 0);
}
// [/order]

// [suite]
BOOST_AUTO_TEST_SUITE(orders, *isolite::boost_test::isolated(isolite::mode::copy_on_write))

BOOST_FIXTURE_TEST_CASE(two_orders_are_two_commits, shop_test) {
    place_order(db(), 7, 1);
    place_order(db(), 7, 2);
    BOOST_TEST(value<int>("SELECT sum(pieces) FROM orders") == 3);
}

BOOST_AUTO_TEST_SUITE_END()
// [/suite]

// [fixture]
using committing_test = isolite::boost_test::session<shop, isolite::mode::copy_on_write>;
// [/fixture]

// [connections]
BOOST_FIXTURE_TEST_CASE(two_cannot_write_at_once, committing_test) {
    SQLite::Database till = connect(std::chrono::milliseconds(0)); // gives up at once
    SQLite::Transaction stocktaking(db(), SQLite::TransactionBehavior::IMMEDIATE);
    BOOST_CHECK_THROW(place_order(till, 7, 1), SQLite::Exception); // database is locked
    stocktaking.commit();
    place_order(till, 7, 1);
    BOOST_TEST(value<int>("SELECT stock FROM products WHERE id = 7") == 99);
}
// [/connections]

// [handle]
BOOST_FIXTURE_TEST_CASE(a_plain_handle_writes_too, committing_test) {
    sqlite3* opened = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI;
    BOOST_TEST(sqlite3_open_v2(uri().c_str(), &opened, flags, nullptr) == SQLITE_OK);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> handle(opened, sqlite3_close);
    sqlite3_exec(opened, "UPDATE products SET stock = 5", nullptr, nullptr, nullptr);
    BOOST_TEST(value<int>("SELECT stock FROM products WHERE id = 7") == 5);
}
// [/handle]

// [deferred]
BOOST_FIXTURE_TEST_CASE(no_order_without_its_product, committing_test) {
    BOOST_CHECK_THROW(place_order(db(), 9, 1), SQLite::Exception); // FOREIGN KEY, says COMMIT
    BOOST_TEST(value<int>("SELECT count(*) FROM orders") == 0);
}
// [/deferred]

// [wal]
struct wal_shop {
    static constexpr isolite::mode mode = isolite::mode::copy_on_write; // of all its tests
    static isolite::seed seed() {
        return isolite::seed("wal_shop").sql(schema).sql("PRAGMA journal_mode = WAL;");
    }
};
using wal_test = isolite::boost_test::session<wal_shop>;

BOOST_FIXTURE_TEST_CASE(an_order_does_not_wait_for_a_report, wal_test) {
    const char* const count = "SELECT count(*) FROM orders";
    SQLite::Transaction report(db());
    BOOST_TEST(value<int>(count) == 0); // what the report reads from here on
    SQLite::Database till = connect();
    std::thread([&] { place_order(till, 7, 2); }).join();
    BOOST_TEST(value<int>(count) == 0);
    report.commit();
    BOOST_TEST(value<int>(count) == 1);
}
// [/wal]

// [attached]
struct audited_shop {
    static isolite::seed seed() {
        return isolite::seed("audited_shop")
            .sql(schema)
            .attach("audit",
                    isolite::seed("audit").sql("CREATE TABLE entries (text TEXT NOT NULL);"));
    }
};
using audited_test = isolite::boost_test::session<audited_shop, isolite::mode::copy_on_write>;

BOOST_FIXTURE_TEST_CASE(an_order_is_audited, audited_test) {
    SQLite::Transaction transaction(db()); // of both databases
    execute("INSERT INTO orders (product, pieces) VALUES (7, 2)");
    execute("INSERT INTO audit.entries VALUES (?)", "2 pieces of 7 were ordered");
    transaction.commit();
    SQLite::Database auditor(uri("audit"), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
    BOOST_TEST(auditor.execAndGet("SELECT count(*) FROM entries").getInt() == 1);
}

BOOST_FIXTURE_TEST_CASE(no_entry_is_left_of_it, audited_test) {
    BOOST_TEST(value<int>("SELECT count(*) FROM audit.entries") == 0);
}
// [/attached]

BOOST_FIXTURE_TEST_CASE(no_order_is_left_of_all_these, shop_test) {
    BOOST_TEST(value<int>("SELECT count(*) FROM orders") == 0);
    BOOST_TEST(value<int>("SELECT stock FROM products WHERE id = 7") == 100);
}

} // namespace
