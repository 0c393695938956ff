#include "adversary.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

// Tests that end the sandbox's transaction, or try to.

namespace {

const char* const write_to_orders = "INSERT INTO orders(product, quantity) VALUES (7, 2)";
const char* const seen = "last_insert_rowid, newcomer, rows, sequence";
const char* const seen_inside = "last_insert_rowid, rows, sequence, transaction";

const std::string prices_deleted = "\n  table prices: 200 rows removed"
                                   "\n    - product=1, currency='EUR', cents=10"
                                   "\n    - product=2, currency='EUR', cents=20"
                                   "\n    - product=3, currency='EUR', cents=30"
                                   "\n    - product=4, currency='EUR', cents=40"
                                   "\n    - product=5, currency='EUR', cents=50"
                                   "\n    … and 195 more";

const char* const by_commit = "with \"COMMIT\"";
const std::string by_write = "with \"" + std::string(write_to_orders) + "\"";
const char* const after_rollback = ", after \"ROLLBACK\" had ended the sandbox's transaction";
const char* const after_conflict = ", after a conflict (ON CONFLICT ROLLBACK, RAISE(ROLLBACK)) had "
                                   "ended the sandbox's transaction";
const char* const begin_left_open = "it left the transaction open that \"BEGIN\" began";
const char* const savepoint_left_open = "it left the transaction open that \"SAVEPOINT a\" began";

void huge_order(const stage& s) {
    s.attempt("INSERT INTO orders(product, quantity) VALUES (7, 1001)");
}

void conflict(const stage& s) {
    s.attempt("INSERT OR ROLLBACK INTO products(id, name, stock) VALUES (1, 'again', 1)");
}

/// Gets nowhere in WAL mode, in which SQLite writes the database anew with its old page size.
adversary change_of_page_size() {
    const std::string how = "with \"VACUUM\", after \"COMMIT\" had ended the sandbox's transaction";
    return {"changes the page size by vacuuming after a COMMIT",
            [](stage& s) {
                s.attempt("COMMIT");
                s.run("PRAGMA page_size = 1024; VACUUM");
            },
            journal_mode() == "wal"
                ? committed(how, "\n  no row differs, but 2 of its pages")
                : leaks{committed(how, "\n  page_size: 4096 -> 1024",
                                  "it changed PRAGMA page_size from 4096 to 1024")
                            .in_rollback,
                        ""},
            "header, last_insert_rowid, newcomer, settings"};
}

} // namespace

std::vector<adversary> transaction_adversaries() {
    return {
        {"writes and leaves the rest to the fixture", [](stage& s) { s.run(write_to_orders); },
         nothing(), seen},
        {"writes to every table, with a trigger",
         [](stage& s) {
             s.run(write_to_orders);
             s.run("DELETE FROM log; UPDATE products SET stock = 0; DELETE FROM prices");
         },
         nothing(), seen},
        {"commits",
         [](stage& s) {
             s.run(write_to_orders);
             s.attempt("COMMIT");
         },
         committed(by_commit, order_made), seen},
        {"commits with END TRANSACTION",
         [](stage& s) {
             s.run(write_to_orders);
             s.attempt("END TRANSACTION");
         },
         committed("with \"END TRANSACTION\"", order_made), seen},
        {"commits and begins again, so that a transaction is open as before",
         [](stage& s) {
             s.run(write_to_orders);
             s.attempt("COMMIT");
             s.run("BEGIN");
         },
         {committed(by_commit, order_made).in_rollback, begin_left_open},
         "last_insert_rowid, newcomer, rows, sequence, transaction"},
        {"commits nothing, begins again and writes",
         [](stage& s) {
             s.attempt("COMMIT");
             s.run("BEGIN");
             s.run(write_to_orders);
         },
         only_in_copy_on_write(begin_left_open), seen_inside},
        {"commits in the middle and writes on, each statement for itself",
         [](stage& s) {
             s.run(write_to_orders);
             s.attempt("COMMIT");
             s.run("UPDATE products SET stock = 50 WHERE id = 150");
         },
         committed(by_commit, "\n  table orders: 1 row added"
                              "\n    + id=4, product=7, quantity=2"
                              "\n  table products: 2 rows changed"
                              "\n    ~ id=7: stock 100 -> 98"
                              "\n    ~ id=150: stock 100 -> 50"
                              "\n  sequence of orders: 3 -> 4"),
         seen},
        {"rolls back", [](stage& s) { s.attempt("ROLLBACK"); }, nothing(), ""},
        {"rolls back and writes",
         [](stage& s) {
             s.attempt("ROLLBACK");
             s.run(write_to_orders);
         },
         committed(by_write + after_rollback, order_made), seen},
        {"violates a constraint ON CONFLICT ROLLBACK", [](stage& s) { conflict(s); }, nothing(),
         ""},
        {"violates a constraint ON CONFLICT ROLLBACK and writes",
         [](stage& s) {
             conflict(s);
             s.run(write_to_orders);
         },
         committed(by_write + after_conflict, order_made), seen},
        {"fires a trigger that raises ROLLBACK and writes",
         [](stage& s) {
             huge_order(s);
             s.run(write_to_orders);
         },
         committed(by_write + after_conflict, order_made), seen},
        {"begins a transaction inside the sandbox's and ignores the error",
         [](stage& s) {
             s.attempt("BEGIN");
             s.run(write_to_orders);
         },
         {"it ran \"BEGIN\" inside the sandbox's transaction", begin_left_open},
         seen_inside},
        {"releases nested savepoints",
         [](stage& s) {
             s.run("SAVEPOINT a; SAVEPOINT b");
             s.run(write_to_orders);
             s.run("RELEASE b; RELEASE a");
         },
         nothing(), seen},
        {"rolls back to a savepoint",
         [](stage& s) {
             s.run("SAVEPOINT a");
             s.run(write_to_orders);
             s.run("ROLLBACK TO a; RELEASE a");
         },
         nothing(), "last_insert_rowid"},
        {"leaves nested savepoints open",
         [](stage& s) {
             s.run("SAVEPOINT a");
             s.run(write_to_orders);
             s.run("SAVEPOINT b");
             s.run(write_to_orders);
         },
         only_in_copy_on_write(savepoint_left_open), seen_inside},
        {"commits inside a savepoint",
         [](stage& s) {
             s.run("SAVEPOINT a");
             s.run(write_to_orders);
             s.attempt("COMMIT");
         },
         committed(by_commit, order_made), seen},
        {"rolls back and leaves a savepoint open",
         [](stage& s) {
             s.attempt("ROLLBACK");
             s.run("SAVEPOINT a");
             s.run(write_to_orders);
         },
         only_in_copy_on_write(savepoint_left_open), seen_inside},
        {"rolls back and releases an outermost savepoint",
         [](stage& s) {
             s.attempt("ROLLBACK");
             s.run("SAVEPOINT a");
             s.run(write_to_orders);
             s.run("RELEASE a");
         },
         committed("with \"RELEASE a\"" + std::string(after_rollback), order_made), seen},
        {"leaves a deferred foreign key unresolved",
         [](stage& s) {
             s.run("PRAGMA defer_foreign_keys = ON");
             s.attempt("INSERT INTO orders(product, quantity) VALUES (0, 1)");
         },
         only_in_rollback("it left the row 4 of 'orders' (product=0) without the row of 'products' "
                          "that it refers to"),
         "last_insert_rowid"},
        {"sets AUTOINCREMENT back and commits",
         [](stage& s) {
             s.run("DELETE FROM sqlite_sequence");
             s.attempt("COMMIT");
         },
         committed(by_commit, "\n  sequence of orders: 3 -> none"), "newcomer, sequence"},
        {"uses up a number of AUTOINCREMENT",
         [](stage& s) {
             s.run(write_to_orders);
             s.run("DELETE FROM orders WHERE id = last_insert_rowid()");
         },
         nothing(), seen},
        {"commits thousands of rows",
         [](stage& s) {
             s.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                   "WHERE i < 20000) INSERT INTO log(entry) SELECT 'row ' || i FROM n");
             s.attempt("COMMIT");
         },
         committed(by_commit, "\n  table log: 20000 rows added"
                              "\n    + rowid=2, entry='row 1', at='2024-01-02'"
                              "\n    + rowid=3, entry='row 2', at='2024-01-02'"
                              "\n    + rowid=4, entry='row 3', at='2024-01-02'"
                              "\n    + rowid=5, entry='row 4', at='2024-01-02'"
                              "\n    + rowid=6, entry='row 5', at='2024-01-02'"
                              "\n    … and 19995 more"),
         "header, last_insert_rowid, newcomer, rows"},
        {"deletes everything and commits",
         [](stage& s) {
             s.run("DELETE FROM orders; DELETE FROM prices; DELETE FROM products; "
                   "DELETE FROM log");
             s.attempt("COMMIT");
         },
         committed(by_commit, std::string(log_deleted) +
                                  "\n  table orders: 3 rows removed"
                                  "\n    - id=1, product=1, quantity=1"
                                  "\n    - id=2, product=2, quantity=2"
                                  "\n    - id=3, product=3, quantity=3" +
                                  prices_deleted +
                                  "\n  table products: 200 rows removed"
                                  "\n    - id=1, name='product 1', stock=99"
                                  "\n    - id=2, name='product 2', stock=98"
                                  "\n    - id=3, name='product 3', stock=97"
                                  "\n    - id=4, name='product 4', stock=100"
                                  "\n    - id=5, name='product 5', stock=100"
                                  "\n    … and 195 more"),
         "newcomer, rows"},
        {"commits a change and its reversal",
         [](stage& s) {
             s.run("UPDATE products SET stock = 0 WHERE id = 5");
             s.run("UPDATE products SET stock = 100 WHERE id = 5");
             s.attempt("COMMIT");
         },
         committed(by_commit, "\n  no row differs, but 1 of its pages"), ""},
        {"vacuums after a COMMIT",
         [](stage& s) {
             s.run("DELETE FROM prices");
             s.attempt("COMMIT");
             s.run("VACUUM");
         },
         committed(by_commit, prices_deleted), "last_insert_rowid, newcomer, rows"},
        change_of_page_size(),
        {"turns on automatic vacuuming by vacuuming after a COMMIT",
         [](stage& s) {
             s.attempt("COMMIT");
             s.run("PRAGMA auto_vacuum = FULL; VACUUM");
         },
         {committed("with \"VACUUM\", after \"COMMIT\" had ended the sandbox's transaction",
                    "\n  auto_vacuum: 0 -> 1", "it changed PRAGMA auto_vacuum from 0 to 1")
              .in_rollback,
          ""},
         "header, last_insert_rowid, newcomer, schema"},
        {"vacuums after an earlier test asked for another page size",
         [](stage& s) {
             s.run("DELETE FROM prices");
             s.attempt("COMMIT");
             s.run("VACUUM");
         },
         committed(by_commit, prices_deleted),
         "header, last_insert_rowid, newcomer, rows, settings",
         [](stage& s) { s.run("PRAGMA page_size = 1024"); }},
        {"analyses and commits",
         [](stage& s) {
             s.run("ANALYZE main");
             s.attempt("COMMIT");
         },
         committed(by_commit, "\n  statistics of ANALYZE: added"), "header, newcomer, schema"},
    };
}
