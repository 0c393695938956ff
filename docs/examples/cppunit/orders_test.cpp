#include "isolated.hpp"

#include <isolite/seed.hpp>

#include <SQLiteCpp/SQLiteCpp.h>
#include <cppunit/extensions/HelperMacros.h>

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql("CREATE TABLE orders (product INTEGER NOT NULL);");
    }
};

class Orders : public isolated<shop> {
    CPPUNIT_TEST_SUITE(Orders);
    CPPUNIT_TEST(areStored);
    CPPUNIT_TEST(areNoneAtFirst);
    CPPUNIT_TEST_SUITE_END();

    void areStored() {
        test().execute("INSERT INTO orders VALUES (?)", 7);
        CPPUNIT_ASSERT_EQUAL(7, test().value<int>("SELECT product FROM orders"));
    }
    void areNoneAtFirst() {
        CPPUNIT_ASSERT_EQUAL(0, test().value<int>("SELECT count(*) FROM orders"));
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(Orders);

class CommittedOrders : public isolated<shop, isolite::mode::copy_on_write> {
    CPPUNIT_TEST_SUITE(CommittedOrders);
    CPPUNIT_TEST(areSeenByOthers);
    CPPUNIT_TEST_SUITE_END();

    void areSeenByOthers() {
        test().execute("INSERT INTO orders VALUES (?)", 7); // and commits
        SQLite::Database other = test().connect();
        CPPUNIT_ASSERT_EQUAL(1, other.execAndGet("SELECT count(*) FROM orders").getInt());
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(CommittedOrders);
