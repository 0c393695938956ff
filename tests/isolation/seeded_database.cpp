#include "seeded_database.hpp"

isolite::seed seeded_database::seed() {
    return isolite::seed("stock").sql(R"(
        CREATE TABLE products(
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            stock INTEGER NOT NULL CHECK (stock >= 0)
        );
        CREATE TABLE orders(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            product INTEGER NOT NULL REFERENCES products,
            quantity INTEGER NOT NULL
        );
        CREATE TABLE prices(
            product INTEGER NOT NULL REFERENCES products,
            currency TEXT NOT NULL,
            cents INTEGER NOT NULL,
            PRIMARY KEY (product, currency)
        ) WITHOUT ROWID;
        CREATE TABLE log(entry TEXT, at TEXT DEFAULT '2024-01-02');
        CREATE INDEX orders_by_product ON orders(product);
        CREATE VIEW sold AS SELECT product, sum(quantity) AS quantity FROM orders GROUP BY product;

        CREATE TRIGGER an_order_reduces_the_stock AFTER INSERT ON orders BEGIN
            UPDATE products SET stock = stock - NEW.quantity WHERE id = NEW.product;
        END;
        CREATE TRIGGER a_huge_order_ends_everything BEFORE INSERT ON orders
        WHEN NEW.quantity > 1000 BEGIN
            SELECT RAISE(ROLLBACK, 'that is too much');
        END;

        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
        INSERT INTO products SELECT i, printf('product %d', i), 100 FROM n;
        INSERT INTO orders(product, quantity) VALUES (1, 1), (2, 2), (3, 3);
        INSERT INTO prices SELECT id, 'EUR', id * 10 FROM products;
        INSERT INTO log(entry, at) VALUES ('seeded', '2024-01-01');
        PRAGMA user_version = 7;
        PRAGMA application_id = 4711;
    )");
}

namespace {

const char* const to_wal = "PRAGMA journal_mode = WAL";

isolite::seed archive() {
    return isolite::seed("archive").sql(R"(
        CREATE TABLE past_orders(id INTEGER PRIMARY KEY, product TEXT);
        INSERT INTO past_orders VALUES (1, 'chair'), (2, 'table');
    )");
}

} // namespace

isolite::seed seeded_databases::seed() {
    return seeded_database::seed().attach("archive", archive());
}

isolite::seed seeded_wal_databases::seed() {
    return seeded_database::seed().sql(to_wal).attach("archive", archive().sql(to_wal));
}
