// What the example for QtTest makes of tests that pass and that do not.
#include "../../docs/examples/qttest/isolated.hpp"
#include "stock.hpp"

#include <QtTest>

#include <cstdlib>
#include <stdexcept>

class Counts : public isolated {
    Q_OBJECT

    database open() override { return isolated::open<stock>(); }

    void count_and_add() {
        QCOMPARE(test().value<int>("SELECT count(*) FROM products"), 2);
        test().execute("INSERT INTO products(name) VALUES ('bread')");
    }

  private slots:
    void first() { count_and_add(); }
    void second() { count_and_add(); }
    void eachRow_data() {
        QTest::addColumn<int>("number");
        QTest::newRow("one") << 1;
        QTest::newRow("two") << 2;
    }
    void eachRow() { count_and_add(); }
    void expectsToFail() {
        QEXPECT_FAIL("", "not yet", Continue);
        QCOMPARE(1, 2);
    }
};

class Fails : public isolated {
    Q_OBJECT

    database open() override { return isolated::open<stock>(); }

  private slots:
    void equals() { QCOMPARE(test().value<int>("SELECT count(*) FROM products"), 3); } // [equals]
    void passesUnexpectedly() {
        QEXPECT_FAIL("", "not yet", Continue);
        QVERIFY(true); // [unexpected]
    }
    void oneRow_data() {
        QTest::addColumn<int>("number");
        QTest::newRow("one") << 1;
        QTest::newRow("two") << 2;
    }
    void oneRow() {
        QFETCH(int, number);
        qDebug("number %d", number);
        QVERIFY2(number != 2, "two < 1 & 2"); // [row]
    }
    void leaks_data() { oneRow_data(); }
    void leaks() {
        QFETCH(int, number);
        test().execute("INSERT INTO products(name) VALUES ('bread')");
        if (number == 2) {
            test().execute("COMMIT");
        }
    }
    void throws() {
        test().execute("INSERT INTO products(name) VALUES ('bread')");
        throw std::runtime_error("no network");
    }
    void finds() { QCOMPARE(test().value<int>("SELECT count(*) FROM products"), 2); }
    void dies() {
        if (std::getenv("SUBJECT_DIES") != nullptr) {
            std::abort();
        }
    }
    void skips() { QSKIP("no printer"); }
};

class SetUp : public isolated {
    Q_OBJECT

    database open() override { return isolated::open<stock>(); }

  private slots:
    void initTestCase() { QFAIL("nothing is set up"); } // [set up]
    void isNotRun() { std::abort(); }
};

int main(int argc, char** argv) {
    isolite::suite tests;
    Counts counts;
    Fails fails;
    SetUp set_up;
    isolated::add(tests, counts);
    isolated::add(tests, fails);
    isolated::add(tests, set_up);
    return tests.run(argc, argv);
}

#include "qttest_subject.moc"
