#include "adversary.hpp"

// Tests that change the schema: inside the sandbox, where a rollback undoes it, and committed.

namespace {

struct change {
    std::string name;
    std::string sql;
    std::string lines; // that tell of it when it is committed
    std::string shows;
};

const change changes[] = {
    {"creates a table", "CREATE TABLE suppliers(name TEXT)", "\n  table suppliers: added",
     "header, newcomer, rows, schema"},
    {"creates a table and fills it",
     "CREATE TABLE suppliers(name TEXT PRIMARY KEY); INSERT INTO suppliers VALUES ('ACME')",
     "\n  table suppliers: added", "header, last_insert_rowid, newcomer, rows, schema"},
    {"creates a table from a query", "CREATE TABLE copies AS SELECT * FROM products",
     "\n  table copies: added", "header, newcomer, rows, schema"},
    {"creates a table of FTS", "CREATE VIRTUAL TABLE words USING fts5(word)",
     "\n  table words: added", "header, last_insert_rowid, newcomer, rows, schema"},
    {"drops a table", "DROP TABLE log", "\n  table log: dropped", "header, newcomer, rows, schema"},
    {"drops a table with AUTOINCREMENT", "DROP VIEW sold; DROP TABLE orders",
     "\n  table orders: dropped\n  view sold: dropped\n  sequence of orders: 3 -> none",
     "header, newcomer, rows, schema, sequence"},
    {"renames a table", "ALTER TABLE log RENAME TO journal",
     "\n  table journal: added\n  table log: dropped", "newcomer, rows, schema"},
    {"adds a column", "ALTER TABLE products ADD COLUMN weight REAL DEFAULT 1.5",
     "\n  table products: changed", "newcomer, rows, schema"},
    {"renames a column", "ALTER TABLE products RENAME COLUMN stock TO pieces",
     "\n  table products: changed\n  trigger an_order_reduces_the_stock: changed",
     "newcomer, schema"},
    {"drops a column", "ALTER TABLE log DROP COLUMN at", "\n  table log: changed",
     "newcomer, rows, schema"},
    {"creates an index", "CREATE INDEX products_by_stock ON products(stock)",
     "\n  index products_by_stock: added", "header, newcomer, schema"},
    {"drops an index", "DROP INDEX orders_by_product", "\n  index orders_by_product: dropped",
     "header, newcomer, schema"},
    {"creates a trigger",
     "CREATE TRIGGER no_more BEFORE INSERT ON orders BEGIN SELECT RAISE(ABORT, 'no'); END",
     "\n  trigger no_more: added", "newcomer, schema"},
    {"drops a trigger", "DROP TRIGGER an_order_reduces_the_stock",
     "\n  trigger an_order_reduces_the_stock: dropped", "newcomer, schema"},
    {"creates a view", "CREATE VIEW scarce AS SELECT * FROM products WHERE stock < 5",
     "\n  view scarce: added", "newcomer, schema"},
    {"drops a view", "DROP VIEW sold", "\n  view sold: dropped", "newcomer, schema"},
    {"sets user_version", "PRAGMA user_version = 8", "\n  user_version: 7 -> 8",
     "header, newcomer"},
    {"sets application_id", "PRAGMA application_id = 1", "\n  application_id: 4711 -> 1",
     "header, newcomer"},
    {"writes into sqlite_master",
     "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, '>= 0', '>= 1'); "
     "PRAGMA writable_schema = OFF",
     "\n  table products: changed", "newcomer, schema"},
};

} // namespace

std::vector<adversary> schema_adversaries() {
    std::vector<adversary> all;
    for (const change& change : changes) {
        all.push_back(
            {change.name, [sql = change.sql](stage& s) { s.run(sql); }, nothing(), change.shows});
        all.push_back({change.name + " and commits",
                       [sql = change.sql](stage& s) {
                           s.run(sql);
                           s.attempt("COMMIT");
                       },
                       committed("with \"COMMIT\"", change.lines), change.shows});
    }
    return all;
}
