// What the tour of the documentation shows to those who come from other tools.
#include <SQLiteCpp/Database.h>
#include <isolite/gtest_main.hpp>
#include <isolite/seed.hpp>
#include <isolite/worker.hpp>

#include <memory>
#include <thread>

namespace {

// [database]
void load_prices(SQLite::Database& db) {
    db.exec("INSERT INTO prices VALUES (7, 250)");
}

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop")
            .sql("CREATE TABLE prices (product INTEGER PRIMARY KEY, cents INTEGER NOT NULL);"
                 "CREATE TABLE orders (product INTEGER NOT NULL REFERENCES prices);")
            .step("prices", "1", load_prices);
    }
};
// [/database]

// [fixture]
class Orders : public isolite::googletest::session<shop> {
  protected:
    void SetUp() override { execute("INSERT INTO orders VALUES (?)", 7); }
};

TEST_F(Orders, AreCancelled) {
    EXPECT_EQ(execute("DELETE FROM orders"), 1); // rolled back after the test
}
// [/fixture]

// [commits]
using Checkout = isolite::googletest::session<shop, isolite::mode::copy_on_write>;

TEST_F(Checkout, CommitsAnOrder) {
    db().exec("BEGIN; INSERT INTO orders VALUES (7); COMMIT");
    EXPECT_EQ(connect().execAndGet("SELECT count(*) FROM orders").getInt(), 1);
}
// [/commits]

// [group]
struct old_orders : isolite::googletest::suite<shop> {
    old_orders() { execute("INSERT INTO orders VALUES (7), (7)"); }
};

class OldOrders : public isolite::googletest::session<shop> {
  public:
    static void SetUpTestSuite() { data = std::make_unique<old_orders>(); }
    static void TearDownTestSuite() { data.reset(); }

  private:
    static inline std::unique_ptr<old_orders> data;
};

TEST_F(OldOrders, AreTwo) {
    EXPECT_EQ(value<int>("SELECT count(*) FROM orders"), 2);
}
TEST_F(OldOrders, AreForgotten) {
    EXPECT_EQ(execute("DELETE FROM orders"), 2);
}
// [/group]

// [threads]
TEST_F(Checkout, TakesOrdersOfAThread) {
    SQLite::Database own = connect(); // a connection of the thread's own
    std::thread([&own] { own.exec("INSERT INTO orders VALUES (7)"); }).join();
    EXPECT_EQ(value<int>("SELECT count(*) FROM orders"), 1);
}
// [/threads]

// [resources]
using isolite::googletest::mark;

const bool printer = mark("Printer.*", isolite::googletest::uses("the printer")); // never overlap
const bool alone = mark("Clock.*", isolite::googletest::serial());                // while no other
// [/resources]

class Printer : public isolite::googletest::session<shop> {};
class Clock : public isolite::googletest::session<shop> {};

TEST_F(Printer, PrintsAPrice) {
    EXPECT_EQ(value<int>("SELECT cents FROM prices"), 250);
}
TEST_F(Clock, FindsNoOrders) {
    EXPECT_EQ(value<int>("SELECT count(*) FROM orders"), 0);
}

// [worker]
TEST(Server, ListensOnAPortOfItsOwn) {
    const auto& worker = isolite::worker::current();
    ASSERT_TRUE(worker) << worker.error().text();
    const unsigned port = 20000 + worker->slot; // 0, 1, ... in each run
    EXPECT_GE(port, 20000u);
}
// [/worker]

} // namespace
