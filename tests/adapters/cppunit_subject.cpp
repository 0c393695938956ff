// What the example for CppUnit makes of tests that pass and that do not.
#include "../../docs/examples/cppunit/isolated.hpp"
#include "stock.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdlib>
#include <stdexcept>

class Counts : public isolated<stock> {
    CPPUNIT_TEST_SUITE(Counts);
    CPPUNIT_TEST(first);
    CPPUNIT_TEST(second);
    CPPUNIT_TEST(third);
    CPPUNIT_TEST_SUITE_END();

  public:
    void first() { count_and_add(); }
    void second() { count_and_add(); }
    void third() { count_and_add(); }

  private:
    static void count_and_add() {
        CPPUNIT_ASSERT_EQUAL(2, test().value<int>("SELECT count(*) FROM products"));
        test().execute("INSERT INTO products(name) VALUES ('bread')");
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(Counts);

class Fails : public isolated<stock> {
    CPPUNIT_TEST_SUITE(Fails);
    CPPUNIT_TEST(equals);
    CPPUNIT_TEST(throws);
    CPPUNIT_TEST(leaks);
    CPPUNIT_TEST(dies);
    CPPUNIT_TEST_SUITE_END();

  public:
    void equals() { CPPUNIT_ASSERT_EQUAL_MESSAGE("products", 3, count()); } // [equals]
    void throws() {
        test().execute("INSERT INTO products(name) VALUES ('bread')");
        throw std::runtime_error("no network");
    }
    void leaks() {
        test().execute("INSERT INTO products(name) VALUES ('bread')");
        test().execute("COMMIT");
    }
    void dies() {
        if (std::getenv("SUBJECT_DIES") != nullptr) {
            std::abort();
        }
    }

  private:
    static int count() { return test().value<int>("SELECT count(*) FROM products"); }
};
CPPUNIT_TEST_SUITE_REGISTRATION(Fails);

class Around : public isolated<stock> {
    CPPUNIT_TEST_SUITE(Around);
    CPPUNIT_TEST(first);
    CPPUNIT_TEST(second);
    CPPUNIT_TEST_SUITE_END();

  public:
    void setUp() override {
        isolated::setUp();
        if (test().value<int>("SELECT count(*) FROM products") != 2) {
            throw std::runtime_error("the set-up finds another database");
        }
        test().execute("INSERT INTO products(name) VALUES ('bread')");
    }
    void tearDown() override { throw std::runtime_error("a tear-down that throws"); }
    void first() { test().execute("COMMIT"); }
    void second() {}
};
CPPUNIT_TEST_SUITE_REGISTRATION(Around);
