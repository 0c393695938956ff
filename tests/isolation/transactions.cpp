#include "adversary.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

// Tests that end the sandbox's transaction, or try to.

namespace {

const char* const write = "INSERT INTO orders(product, quantity) VALUES (7, 2)";
const char* const seen = "last_insert_rowid, newcomer, rows, sequence";
const char* const seen_inside = "last_insert_rowid, rows, sequence, transaction";

std::string committed(int pages) {
    return "it committed changes on " + std::to_string(pages) + (pages == 1 ? " page" : " pages") +
           " of the database 'stock'";
}

const std::string with_commit = ", having ended the sandbox's transaction with COMMIT";
const std::string with_rollback = ", having ended the sandbox's transaction with ROLLBACK";
const std::string by_conflict =
    ", the sandbox's transaction having been ended by a conflict (ON CONFLICT ROLLBACK, "
    "RAISE(ROLLBACK)) or by a statement prepared earlier";

void huge_order(const stage& s) {
    s.attempt("INSERT INTO orders(product, quantity) VALUES (7, 1001)");
}

void conflict(const stage& s) {
    s.attempt("INSERT OR ROLLBACK INTO products(id, name, stock) VALUES (1, 'again', 1)");
}

} // namespace

std::vector<adversary> transaction_adversaries() {
    return {
        {"writes and leaves the rest to the fixture", [](stage& s) { s.run(write); }, "", seen},
        {"writes to every table, with a trigger",
         [](stage& s) {
             s.run(write);
             s.run("DELETE FROM log; UPDATE products SET stock = 0; DELETE FROM prices");
         },
         "", seen},
        {"commits",
         [](stage& s) {
             s.run(write);
             s.attempt("COMMIT");
         },
         committed(4) + with_commit, seen},
        {"commits with END TRANSACTION",
         [](stage& s) {
             s.run(write);
             s.attempt("END TRANSACTION");
         },
         committed(4) + with_commit, seen},
        {"commits and begins again, so that a transaction is open as before",
         [](stage& s) {
             s.run(write);
             s.attempt("COMMIT");
             s.run("BEGIN");
         },
         committed(4) + with_commit, "last_insert_rowid, newcomer, rows, sequence, transaction"},
        {"commits nothing, begins again and writes",
         [](stage& s) {
             s.attempt("COMMIT");
             s.run("BEGIN");
             s.run(write);
         },
         "", seen_inside},
        {"commits in the middle and writes on, each statement for itself",
         [](stage& s) {
             s.run(write);
             s.attempt("COMMIT");
             s.run("UPDATE products SET stock = 50 WHERE id = 150");
         },
         committed(4) + with_commit, seen},
        {"rolls back", [](stage& s) { s.attempt("ROLLBACK"); }, "", ""},
        {"rolls back and writes",
         [](stage& s) {
             s.attempt("ROLLBACK");
             s.run(write);
         },
         committed(4) + with_rollback, seen},
        {"violates a constraint ON CONFLICT ROLLBACK", [](stage& s) { conflict(s); }, "", ""},
        {"violates a constraint ON CONFLICT ROLLBACK and writes",
         [](stage& s) {
             conflict(s);
             s.run(write);
         },
         committed(4) + by_conflict, seen},
        {"fires a trigger that raises ROLLBACK and writes",
         [](stage& s) {
             huge_order(s);
             s.run(write);
         },
         committed(4) + by_conflict, seen},
        {"begins a transaction inside the sandbox's and ignores the error",
         [](stage& s) {
             s.attempt("BEGIN");
             s.run(write);
         },
         "", seen_inside},
        {"releases nested savepoints",
         [](stage& s) {
             s.run("SAVEPOINT a; SAVEPOINT b");
             s.run(write);
             s.run("RELEASE b; RELEASE a");
         },
         "", seen},
        {"rolls back to a savepoint",
         [](stage& s) {
             s.run("SAVEPOINT a");
             s.run(write);
             s.run("ROLLBACK TO a; RELEASE a");
         },
         "", "last_insert_rowid"},
        {"leaves nested savepoints open",
         [](stage& s) {
             s.run("SAVEPOINT a");
             s.run(write);
             s.run("SAVEPOINT b");
             s.run(write);
         },
         "", seen_inside},
        {"commits inside a savepoint",
         [](stage& s) {
             s.run("SAVEPOINT a");
             s.run(write);
             s.attempt("COMMIT");
         },
         committed(4) + with_commit, seen},
        {"rolls back and leaves a savepoint open",
         [](stage& s) {
             s.attempt("ROLLBACK");
             s.run("SAVEPOINT a");
             s.run(write);
         },
         "", seen_inside},
        {"rolls back and releases an outermost savepoint",
         [](stage& s) {
             s.attempt("ROLLBACK");
             s.run("SAVEPOINT a");
             s.run(write);
             s.run("RELEASE a");
         },
         committed(4) + with_rollback, seen},
        {"leaves a deferred foreign key unresolved",
         [](stage& s) {
             s.run("PRAGMA defer_foreign_keys = ON");
             s.attempt("INSERT INTO orders(product, quantity) VALUES (0, 1)");
         },
         "", "last_insert_rowid"},
        {"sets AUTOINCREMENT back and commits",
         [](stage& s) {
             s.run("DELETE FROM sqlite_sequence");
             s.attempt("COMMIT");
         },
         committed(1) + with_commit, "newcomer, sequence"},
        {"uses up a number of AUTOINCREMENT",
         [](stage& s) {
             s.run(write);
             s.run("DELETE FROM orders WHERE id = last_insert_rowid()");
         },
         "", seen},
        {"commits thousands of rows",
         [](stage& s) {
             s.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                   "WHERE i < 20000) INSERT INTO log(entry) SELECT 'row ' || i FROM n");
             s.attempt("COMMIT");
         },
         committed(178) + with_commit, "header, last_insert_rowid, newcomer, rows"},
        {"deletes everything and commits",
         [](stage& s) {
             s.run("DELETE FROM orders; DELETE FROM prices; DELETE FROM products; "
                   "DELETE FROM log");
             s.attempt("COMMIT");
         },
         committed(6) + with_commit, "newcomer, rows"},
        {"commits a change and its reversal",
         [](stage& s) {
             s.run("UPDATE products SET stock = 0 WHERE id = 5");
             s.run("UPDATE products SET stock = 100 WHERE id = 5");
             s.attempt("COMMIT");
         },
         committed(1) + with_commit, ""},
        {"vacuums after a COMMIT",
         [](stage& s) {
             s.run("DELETE FROM prices");
             s.attempt("COMMIT");
             s.run("VACUUM");
         },
         committed(2) + with_commit, "last_insert_rowid, newcomer, rows"},
        {"changes the page size by vacuuming after a COMMIT",
         [](stage& s) {
             s.attempt("COMMIT");
             s.run("PRAGMA page_size = 1024; VACUUM");
         },
         committed(8) + with_commit + "; it changed PRAGMA page_size from 4096 to 1024",
         "header, last_insert_rowid, newcomer, settings"},
        {"turns on automatic vacuuming by vacuuming after a COMMIT",
         [](stage& s) {
             s.attempt("COMMIT");
             s.run("PRAGMA auto_vacuum = FULL; VACUUM");
         },
         committed(9) + with_commit + "; it changed PRAGMA auto_vacuum from 0 to 1",
         "header, last_insert_rowid, newcomer, schema"},
        {"vacuums after an earlier test asked for another page size",
         [](stage& s) {
             s.run("DELETE FROM prices");
             s.attempt("COMMIT");
             s.run("VACUUM");
         },
         committed(2) + with_commit, "header, last_insert_rowid, newcomer, rows, settings",
         [](stage& s) { s.run("PRAGMA page_size = 1024"); }},
        {"analyses and commits",
         [](stage& s) {
             s.run("ANALYZE");
             s.attempt("COMMIT");
         },
         committed(2) + with_commit, "header, newcomer, schema"},
    };
}
