#include "isolated.hpp"

#include <isolite/seed.hpp>

#include <QtTest>

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql("CREATE TABLE orders (product INTEGER NOT NULL);");
    }
};

class Orders : public isolated {
    Q_OBJECT

    database open() override { return isolated::open<shop>(); }

  private slots:
    void areStored_data() {
        QTest::addColumn<int>("product");
        QTest::newRow("bread") << 7;
        QTest::newRow("milk") << 8;
    }
    void areStored() {
        QFETCH(int, product);
        test().execute("INSERT INTO orders VALUES (?)", product);
        QCOMPARE(test().value<int>("SELECT sum(product) FROM orders"), product);
    }
    void areNoneAtFirst() { QCOMPARE(test().value<int>("SELECT count(*) FROM orders"), 0); }
};

int main(int argc, char** argv) {
    isolite::suite tests;
    Orders orders;
    isolated::add(tests, orders);
    return tests.run(argc, argv);
}

#include "orders_test.moc"
