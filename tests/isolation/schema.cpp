#include "adversary.hpp"

// Tests that change the schema: inside the sandbox, where a rollback undoes it, and committed.

namespace {

struct change {
    std::string name;
    std::string sql;
    int pages; // that it leaves changed when it is committed
    std::string shows;
};

const change changes[] = {
    {"creates a table", "CREATE TABLE suppliers(name TEXT)", 2, "header, newcomer, rows, schema"},
    {"creates a table and fills it",
     "CREATE TABLE suppliers(name TEXT PRIMARY KEY); INSERT INTO suppliers VALUES ('ACME')", 3,
     "header, last_insert_rowid, newcomer, rows, schema"},
    {"creates a table from a query", "CREATE TABLE copies AS SELECT * FROM products", 4,
     "header, newcomer, rows, schema"},
    {"creates a table of FTS", "CREATE VIRTUAL TABLE words USING fts5(word)", 6,
     "header, last_insert_rowid, newcomer, rows, schema"},
    {"drops a table", "DROP TABLE log", 2, "header, newcomer, rows, schema"},
    {"drops a table with AUTOINCREMENT", "DROP VIEW sold; DROP TABLE orders", 4,
     "header, newcomer, rows, schema, sequence"},
    {"renames a table", "ALTER TABLE log RENAME TO journal", 1, "newcomer, rows, schema"},
    {"adds a column", "ALTER TABLE products ADD COLUMN weight REAL DEFAULT 1.5", 1,
     "newcomer, rows, schema"},
    {"renames a column", "ALTER TABLE products RENAME COLUMN stock TO pieces", 1,
     "newcomer, schema"},
    {"drops a column", "ALTER TABLE log DROP COLUMN at", 2, "newcomer, rows, schema"},
    {"creates an index", "CREATE INDEX products_by_stock ON products(stock)", 2,
     "header, newcomer, schema"},
    {"drops an index", "DROP INDEX orders_by_product", 2, "header, newcomer, schema"},
    {"creates a trigger",
     "CREATE TRIGGER no_more BEFORE INSERT ON orders BEGIN SELECT RAISE(ABORT, 'no'); END", 1,
     "newcomer, schema"},
    {"drops a trigger", "DROP TRIGGER an_order_reduces_the_stock", 1, "newcomer, schema"},
    {"creates a view", "CREATE VIEW scarce AS SELECT * FROM products WHERE stock < 5", 1,
     "newcomer, schema"},
    {"drops a view", "DROP VIEW sold", 1, "newcomer, schema"},
    {"sets user_version", "PRAGMA user_version = 8", 1, "header, newcomer"},
    {"sets application_id", "PRAGMA application_id = 1", 1, "header, newcomer"},
    {"writes into sqlite_master",
     "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, '>= 0', '>= 1'); "
     "PRAGMA writable_schema = OFF",
     1, "newcomer, schema"},
};

} // namespace

std::vector<adversary> schema_adversaries() {
    std::vector<adversary> all;
    for (const change& change : changes) {
        all.push_back(
            {change.name, [sql = change.sql](stage& s) { s.run(sql); }, "", change.shows});
        all.push_back({change.name + " and commits",
                       [sql = change.sql](stage& s) {
                           s.run(sql);
                           s.attempt("COMMIT");
                       },
                       "it committed changes on " + std::to_string(change.pages) +
                           (change.pages == 1 ? " page" : " pages") +
                           " of the database 'stock', having ended the sandbox's transaction "
                           "with COMMIT",
                       change.shows});
    }
    return all;
}
