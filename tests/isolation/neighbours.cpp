#include "adversary.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

// Tests that reach the database past the engine's connection: connections of their own and files.

namespace {

const int flags = SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_URI;

/// What cannot be read as long as another connection holds an exclusive lock.
const std::string everything =
    "databases, functions, header, newcomer, rows, schema, sequence, settings";

leaks committed_elsewhere() {
    return committed("with \"DELETE FROM log\" on another connection", log_deleted);
}

leaks in_the_middle(const std::string& of) {
    return left("it left another connection in the middle of " + of);
}

} // namespace

std::vector<adversary> neighbour_adversaries() {
    return {
        {"opens another connection and reads",
         [](stage& s) { s.open_neighbour().run("SELECT count(*) FROM products"); }, nothing(), ""},
        {"commits through another connection",
         [](stage& s) { s.open_neighbour().run("DELETE FROM log"); }, committed_elsewhere(),
         "newcomer, rows"},
        {"commits through another connection that is closed again",
         [](stage& s) { SQLite::Database(s.engine.uri(), flags).exec("DELETE FROM log"); },
         committed_elsewhere(), "newcomer, rows"},
        {"keeps a query of another connection in the middle of its rows",
         [](stage& s) { s.open_neighbour().prepare("SELECT id FROM products").executeStep(); },
         in_the_middle("\"SELECT id FROM products\""), ""},
        {"keeps a transaction of another connection open that has read",
         [](stage& s) { s.open_neighbour().run("BEGIN; SELECT * FROM log"); },
         in_the_middle("a transaction"), ""},
        {"keeps a transaction of another connection open that has written",
         [](stage& s) { s.open_neighbour().run("BEGIN; DELETE FROM log"); },
         in_the_middle("a transaction"), ""},
        {"keeps an exclusive transaction of another connection open",
         [](stage& s) { s.open_neighbour().run("BEGIN EXCLUSIVE; DELETE FROM log"); },
         in_the_middle("a transaction"), everything},
        {"keeps a transaction of another connection open after it spilled pages",
         [](stage& s) {
             s.open_neighbour().run(
                 "PRAGMA cache_size = 1; BEGIN; "
                 "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
                 "INSERT INTO log(entry) SELECT printf('%200d', i) FROM n");
         },
         in_the_middle("a transaction"), everything},
        {"prepares a statement of another connection in one test and runs it in the next",
         [](stage& s) { s.neighbours.back()->run_last(); },
         {std::string("it was disturbed by a connection that 'an earlier test' left open, which "
                      "committed changes to the database 'stock' with \"DELETE FROM log\"") +
              log_deleted,
          "it was disturbed by a connection that 'an earlier test' left open, which committed "
          "changes to the database 'stock' with \"DELETE FROM log\""},
         "newcomer, rows",
         [](stage& s) { s.open_neighbour().prepare("DELETE FROM log"); }},
        {"commits through a connection without a mutex",
         [](stage& s) { s.open_neighbour(SQLITE_OPEN_NOMUTEX).run("DELETE FROM log"); },
         committed_elsewhere(), "newcomer, rows"},
        {"commits through a connection that the engine opened",
         [](stage& s) { s.keep<SQLite::Database>(*s.engine.connect()).exec("DELETE FROM log"); },
         committed_elsewhere(), "newcomer, rows"},
        {"commits through one of two connections with a shared cache",
         [](stage& s) {
             s.open_neighbour(SQLITE_OPEN_SHAREDCACHE);
             s.open_neighbour(SQLITE_OPEN_SHAREDCACHE).run("DELETE FROM log");
         },
         // Which of them it was is not known.
         committed("on another connection", log_deleted), "newcomer, rows"},
        {"keeps a transaction of a shared cache open that has written",
         [](stage& s) {
             s.open_neighbour(SQLITE_OPEN_SHAREDCACHE);
             s.open_neighbour(SQLITE_OPEN_SHAREDCACHE).run("BEGIN; DELETE FROM log");
         },
         in_the_middle("a transaction or a query"), ""},
        {"reads on another connection what it has committed",
         [](stage& s) {
             s.attempt("DELETE FROM log; COMMIT");
             static_cast<void>(s.open_neighbour().testimony());
         },
         committed("with \"COMMIT\"", log_deleted), "newcomer, rows"},
        {"commits in turns with another connection that both cache it",
         [](stage& s) {
             neighbour& other = s.open_neighbour();
             s.attempt("COMMIT");
             for (int i = 0; i < 3; ++i) {
                 s.run("UPDATE products SET stock = stock + 1 WHERE id = 5");
                 other.run("UPDATE products SET stock = stock + 1 WHERE id = 6");
             }
             static_cast<void>(other.testimony());
         },
         committed(
             "with \"UPDATE products SET stock = stock + 1 WHERE id = 5\", after \"COMMIT\" had "
             "ended the sandbox's transaction",
             "\n  table products: 2 rows changed"
             "\n    ~ id=5: stock 100 -> 103"
             "\n    ~ id=6: stock 100 -> 103"),
         "newcomer, rows"},
        {"leaves a database file behind",
         [](stage&) {
             SQLite::Database("file:left.db?vfs=isolite", flags).exec("CREATE TABLE t(x)");
         },
         only_in_rollback("it left the database file 'left.db' behind"), "files"},
        {"leaves a database file behind that is still open",
         [](stage& s) {
             s.keep<SQLite::Database>("file:left.db?vfs=isolite", flags).exec("CREATE TABLE t(x)");
         },
         only_in_rollback("it left the database file 'left.db' behind"), "files"},
        {"leaves a database file behind in the middle of a transaction",
         [](stage& s) {
             s.keep<SQLite::Database>("file:left.db?vfs=isolite", flags)
                 .exec("PRAGMA cache_size = 1; CREATE TABLE t(x); BEGIN; "
                       "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                       "WHERE i < 5000) INSERT INTO t SELECT printf('%200d', i) FROM n");
         },
         only_in_rollback("it left the database file 'left.db' behind"), "files"},
        {"opens a database file and writes nothing to it",
         [](stage&) { SQLite::Database("file:left.db?vfs=isolite", flags); }, nothing(), "files"},
    };
}
